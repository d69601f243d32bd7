// Regularly spaced values of a grid: {logspace: [a, b], count: n}, {linspace: [a, b], count: n},
// {range: [a, b], step: s}. Both ends belong to all three.

internal import Foundation
internal import Problems
import Schema

/// A range of values as it is written in a grid.
struct AxisRange {
  /// The values as texts, so that they are parsed and checked like written ones.
  let values: [String]

  init(_ entries: [JobNode.Entry], of path: String) throws(Problem) {
    let known = ["logspace", "linspace", "range", "count", "step"]
    if let entry = entries.first(where: { !known.contains($0.key) }) {
      let standard =
        "{logspace: [a, b], count: n}, {linspace: [a, b], count: n} or {range: [a, b], step: s}"
      let form = Self.native(entries, of: path)
      throw Problem(path, "'\(entry.key)' is no kind of range", remedy: "write " + (form ?? standard))
    }
    let forms = entries.filter { ["logspace", "linspace", "range"].contains($0.key) }
    guard let form = forms.first, forms.count == 1 else {
      throw Problem(
        path, "a map where values belong", remedy: "write exactly one of logspace, linspace and range")
    }
    let map = JobNode(content: .map(entries), place: form.place)
    let partner = form.key == "range" ? "step" : "count"
    if let stranger = entries.first(where: { $0.key != form.key && $0.key != partner }) {
      throw Problem(
        path, "'\(stranger.key)' does not go with \(form.key)", remedy: "write '\(partner)' instead")
    }
    values =
      form.key == "range"
      ? try Self.whole(form.value, step: map["step"], path)
      : try Self.spaced(form.value, count: map["count"], logarithmic: form.key == "logspace", path)
  }

  private static func spaced(
    _ ends: JobNode, count: JobNode?, logarithmic: Bool, _ path: String
  ) throws(Problem) -> [String] {
    let form = logarithmic ? "logspace" : "linspace"
    let limit = logarithmic ? Interval.positive : Interval()
    guard case .reals(let ends) = try ValueReader(path: path, kind: .reals(limit)).value(of: ends),
      ends.count == 2
    else {
      throw Problem(path, "\(form) needs two ends", remedy: "write {\(form): [a, b], count: n}")
    }
    guard let count,
      case .integer(let count) = try ValueReader(path: path, kind: .integer(2...GridExpansion.maximumPoints))
        .value(of: count)
    else {
      throw Problem(path, "\(form) needs a count", remedy: "write {\(form): [a, b], count: n}")
    }
    return (0..<count).map { index in
      if index == 0 { return ends[0].compact }
      if index == count - 1 { return ends[1].compact }
      let t = Double(index) / Double(count - 1)
      let value =
        logarithmic
        ? pow(10, log10(ends[0]) * (1 - t) + log10(ends[1]) * t)
        : ends[0] * (1 - t) + ends[1] * t
      return rounded(value).compact
    }
  }

  /// Rounded to 12 significant digits, so that values (and run ids with them) neither show the rounding errors of
  /// the formula nor depend on the mathematics library: 1e-4, not 1.0000000000000001e-4.
  private static func rounded(_ value: Double) -> Double {
    Double(String(format: "%.11e", value)) ?? value
  }

  private static func whole(_ ends: JobNode, step: JobNode?, _ path: String) throws(Problem) -> [String] {
    guard
      case .integers(let ends) = try ValueReader(path: path, kind: .integers(Int.min...Int.max)).value(
        of: ends), ends.count == 2,
      ends[0] <= ends[1]
    else {
      throw Problem(
        path, "range needs a first and a last whole number",
        remedy: "write {range: [0, 9]}: both belong to it")
    }
    var stride = 1
    if let step,
      case .integer(let value) = try ValueReader(path: path, kind: .integer(1...Int.max)).value(of: step)
    {
      stride = value
    }
    let (width, overflows) = ends[1].subtractingReportingOverflow(ends[0])
    guard !overflows, width / stride < GridExpansion.maximumPoints else {
      throw Problem(
        path, "range has more than \(GridExpansion.maximumPoints) values", remedy: "write a larger step")
    }
    return Swift.stride(from: ends[0], through: ends[1], by: stride).map(\.description)
  }
}

// MARK: - Ranges of other programs

extension AxisRange {
  /// How a map of Weights & Biases, Optuna or Ray is written here; nil for a map of no meaning.
  static func native(_ entries: [JobNode.Entry], of path: String) -> String? {
    let whole = KeyRegistry.key(path)?.kind.isWhole ?? false
    let map = Dictionary(entries.map { (Suggestion.plain($0.key), $0.value) }) { first, _ in first }
    func value(_ keys: String) -> JobNode? { keys.split(separator: " ").compactMap { map[String($0)] }.first }
    if let list = value("values choices choice gridsearch categories options list grid") { return list.flow }
    if let single = value("value"), map.count == 1 { return single.flow }
    guard let low = value("min low from start lower a"), let high = value("max high to stop end upper b")
    else {
      return nil
    }
    let kind = ["distribution", "type", "scale", "log", "sampling", "space"].compactMap {
      map[$0]?.flow.lowercased()
    }
    let isLogarithmic = kind.contains { $0.contains("log") || $0 == "true" }
    if whole && !isLogarithmic { return "{range: [\(low.flow), \(high.flow)]}" }
    let count = value("num count n points steps")?.flow ?? "5"
    return ForeignAxis.spaced(isLogarithmic ? "logspace" : "linspace", [low.flow, high.flow, count])
  }
}
