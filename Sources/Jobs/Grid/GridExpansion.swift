// From the tree of a job to points: lists of assignments of values to keys.
//
// One rule covers shared keys, axes, sections and blocks. At a key, a list stands for its elements one after
// the other; at a section (and the whole job is one), a list stands for the points of its elements one after the
// other, and a map for the product of its entries. The `grid` is a list at the root. The last key of a
// product varies fastest.

import Datasets
import Schema

/// One point: keys and their values, in the order written.
typealias Point = [Assignment]

/// Expands trees into points; problems go into the log.
struct GridExpansion {
  /// More runs than this in one sweep are taken for a slip.
  static let maximumPoints = 1_000_000

  var log: ProblemLog

  /// The one point of the keys outside the grid.
  mutating func shared(_ entries: [JobNode.Entry]) -> Point {
    var point: Point = []
    for entry in entries { point += sharedPoint(entry.value, at: entry.key, place: entry.place) }
    reportDoubles(in: [point])
    return point
  }

  /// The points of the grid.
  mutating func grid(_ node: JobNode) -> [Point] {
    guard case .list(let blocks) = node.content else {
      log.report(
        "\(node.kindName) where a list of blocks belongs", remedy: "begin every block with '- '", key: "grid",
        at: node.place)
      return []
    }
    if blocks.isEmpty {
      log.report(
        "the grid is empty", remedy: "write a block, or remove 'grid' for a single run", key: "grid",
        at: node.place)
    }
    var points: [Point] = []
    for block in blocks {
      guard block.entries != nil else {
        log.report(
          "a block is \(block.kindName)", remedy: "write keys with lists, such as '- seed: [0, 1]'",
          key: "grid",
          at: block.place)
        continue
      }
      points += self.points(of: block, at: "")
    }
    checkCount(points.count, at: node.place)
    return points
  }
}

// MARK: - Shared keys

extension GridExpansion {
  private mutating func sharedPoint(_ node: JobNode, at path: String, place: Place) -> Point {
    guard isKnown(path, place: place) else { return [] }
    let isSection = KeyRegistry.isSection(path)
    switch node.content {
    case .map(let entries) where isSection:
      return entries.flatMap { sharedPoint($0.value, at: "\(path).\($0.key)", place: $0.place) }
    case .map where node.isInterval(of: path): return assign(node, to: path)
    case .map(let entries):
      reportSeveral(
        node, (try? AxisRange(entries, of: path)) == nil ? AxisRange.native(entries, of: path) : node.flow,
        at: path)
    case .list where isSection || KeyRegistry.key(path)?.kind.isList == false:
      reportSeveral(node, node.flow, at: path)
    case .scalar where isSection: return named(node, section: path)
    case .scalar, .list: return assign(node, to: path)
    }
    return []
  }

  /// Reports a list, or a map of a range, where one value belongs; `axis` is how the grid would have it.
  private mutating func reportSeveral(_ node: JobNode, _ axis: String?, at path: String) {
    let key = KeyRegistry.key(path)
    let isOfRun = key?.scope != .sweep
    let isList = if case .list = node.content { true } else { false }
    log.report(
      isList && isOfRun
        ? "a list outside the grid" : "\(node.kindName) where \(key?.kind.summary ?? "a value") belongs",
      remedy: "write one value"
        + (isOfRun
          ? "; lists and ranges stand under 'grid'\(axis.map { ", as in grid: [{\(path): \($0)}]" } ?? "")"
          : ""),
      key: path, at: node.place)
  }

  /// `optimizer: gd` is short for `optimizer: {name: gd}`.
  private mutating func named(_ node: JobNode, section: String) -> Point {
    guard KeyRegistry.key(section + ".name") != nil, node.text?.isEmpty == false else {
      log.report(
        "\(node.kindName) where a map of keys belongs",
        remedy: "keys: " + KeyRegistry.names(in: section).joined(separator: ", ")
          + (section == "init" ? "; the distribution of the weights is model.initialization" : ""),
        key: section, at: node.place)
      return []
    }
    return assign(node, to: section + ".name")
  }

  private mutating func assign(_ node: JobNode, to path: String) -> Point {
    guard let key = KeyRegistry.key(path) else { preconditionFailure("The caller knows the key.") }
    do {
      let value = try key.value(of: node)
      return [Assignment(path: path, setting: Setting(value: value, place: node.place))]
    } catch {
      log.report(error, at: node.place)
      return []
    }
  }
}

extension JobNode {
  /// Whether it is meant as `{every: n}`, at a key that takes it.
  func isInterval(of path: String) -> Bool {
    if case .interval = KeyRegistry.key(path)?.kind { self["every"] != nil } else { false }
  }
}

// MARK: - Axes

extension GridExpansion {
  /// The points that a value of a key or a section stands for.
  mutating func points(of node: JobNode, at path: String) -> [Point] {
    KeyRegistry.isSection(path) ? sectionPoints(of: node, at: path) : keyPoints(of: node, at: path)
  }

  private mutating func sectionPoints(of node: JobNode, at path: String) -> [Point] {
    switch node.content {
    case .scalar: return [named(node, section: path)]
    case .map(let entries): return product(of: entries, at: path, place: node.place)
    case .list(let elements): return union(of: elements, at: path, place: node.place)
    }
  }

  private mutating func keyPoints(of node: JobNode, at path: String) -> [Point] {
    let isListKey = KeyRegistry.key(path)?.kind.isList ?? false
    switch node.content {
    case .scalar: return [assign(node, to: path)]
    case .map where node.isInterval(of: path): return [assign(node, to: path)]
    case .map(let entries): return range(entries, at: path, place: node.place)
    case .list(let elements):
      if reportDecimalCommas(elements, at: path, place: node.place) { return [] }
      let isOneValue = isListKey && elements.allSatisfy { $0.text != nil }
      return isOneValue ? [assign(node, to: path)] : union(of: elements, at: path, place: node.place)
    }
  }

  /// The product of the entries of a map.
  private mutating func product(of entries: [JobNode.Entry], at path: String, place: Place) -> [Point] {
    var result: [Point] = [[]]
    for entry in entries {
      let child = path.isEmpty ? entry.key : "\(path).\(entry.key)"
      guard isKnown(child, place: entry.place), isPerRun(child, place: entry.place) else { continue }
      let axis = points(of: entry.value, at: child)
      guard checkCount(result.count, times: axis.count, at: place) else { return [] }
      result = result.flatMap { left in axis.map { left + $0 } }
    }
    reportDoubles(in: result)
    return result
  }

  /// The points of the elements of a list, each different.
  private mutating func union(of elements: [JobNode], at path: String, place: Place) -> [Point] {
    if elements.isEmpty {
      log.report("the list is empty", remedy: "write at least one value", key: path, at: place)
    }
    var result: [Point] = []
    var seen: Set<[String: KeyValue]> = []
    for element in elements {
      for point in points(of: element, at: path) {
        let values = Dictionary(point.map { ($0.path, $0.setting.value) }) { $1 }
        if !values.isEmpty, !seen.insert(values).inserted {
          log.report(
            "the list repeats \(Self.text(of: point))", remedy: "keep it once", key: path, at: element.place)
        }
        result.append(point)
      }
    }
    return result
  }

  /// Reports `[0,1, 0,2]`: pairs of digits in a list of numbers that are not all possible, or not all different.
  private mutating func reportDecimalCommas(_ elements: [JobNode], at path: String, place: Place) -> Bool {
    guard case .real(let interval, _) = KeyRegistry.key(path)?.kind, elements.count % 2 == 0 else {
      return false
    }
    let digits = elements.compactMap { node in node.text.flatMap { $0.allSatisfy(\.isNumber) ? $0 : nil } }
    let numbers = digits.compactMap(Double.init)
    let pairs = stride(from: 1, to: digits.count, by: 2).map { "\(digits[$0 - 1]).\(digits[$0])" }
    guard !elements.isEmpty, numbers.count == elements.count,
      !numbers.allSatisfy(interval.contains) || Set(numbers).count < numbers.count,
      pairs.compactMap(Double.init).allSatisfy(interval.contains), Set(pairs).count == pairs.count
    else { return false }
    log.report(
      "\(elements.count) whole numbers, because a comma separates the elements of a list",
      remedy:
        "write [\(pairs.joined(separator: ", "))] if commas were meant as decimal points, else each number once",
      key: path, at: place)
    return true
  }

  private static func text(of point: Point) -> String {
    if point.count == 1, let only = point.first { return only.setting.value.text }
    let pairs = point.map { "\($0.path.split(separator: ".").last ?? ""): \($0.setting.value.text)" }
    return "{" + pairs.joined(separator: ", ") + "}"
  }

  private mutating func range(_ entries: [JobNode.Entry], at path: String, place: Place) -> [Point] {
    do {
      let elements = try AxisRange(entries, of: path).values.map {
        JobNode(content: .scalar($0, quoted: false), place: place)
      }
      return union(of: elements, at: path, place: place)
    } catch {
      log.report(error, at: place)
      return []
    }
  }
}

// MARK: - Checks

extension GridExpansion {
  private mutating func isKnown(_ path: String, place: Place) -> Bool {
    if path != "" && KeyRegistry.isSection(path) || KeyRegistry.key(path) != nil { return true }
    log.reportUnknown(path, at: place)
    return false
  }

  private mutating func isPerRun(_ path: String, place: Place) -> Bool {
    guard KeyRegistry.key(path)?.scope == .sweep else { return true }
    log.report(
      "it belongs to the whole sweep, not to a run", remedy: "move it out of the grid", key: path, at: place)
    return false
  }

  @discardableResult
  private mutating func checkCount(_ count: Int, times factor: Int = 1, at place: Place) -> Bool {
    let (product, overflows) = count.multipliedReportingOverflow(by: factor)
    if !overflows, product <= Self.maximumPoints { return true }
    log.report(
      "the grid has more than \(Self.maximumPoints) points", remedy: "split the sweep into several jobs",
      key: "grid", at: place)
    return false
  }

  /// A key written both as `optimizer.momentum` and inside `optimizer: {...}`.
  private mutating func reportDoubles(in points: [Point]) {
    for point in points {
      var seen: Set<String> = []
      for assignment in point where !seen.insert(assignment.path).inserted {
        log.report(
          "it is set twice in the same place", remedy: "keep either the dotted key or the one in the map",
          key: assignment.path, at: assignment.setting.place)
      }
    }
  }
}
