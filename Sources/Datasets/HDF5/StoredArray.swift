public import HDF5
public import Problems

/// An array of numbers that stands under a name in a user's HDF5 file.
public struct StoredArray: Sendable {
  /// The name.
  public let name: String
  /// The extents of its axes, of which there is one or more.
  public let shape: [Int]
  /// What its elements are.
  public let type: StoredType
  let file: DataFile

  /// The number of elements along the first axis.
  var count: Int { shape[0] }
  /// The length of a row.
  var width: Int { shape.dropFirst().saturatingProduct }
  /// Type and shape in words.
  var summary: String { Self.summary(type, shape) }

  /// Finds an array, and makes sure that its numbers can be read as they were written.
  ///
  /// - Parameters:
  ///   - name: the name at the top of the file.
  ///   - root: the top of the file.
  ///   - file: the file, for what is said of it.
  ///   - remedy: what to do where there is no such array.
  /// - Throws: a problem that names what is there instead, or why its numbers are not those that were written.
  public init(
    _ name: String, in root: borrowing Group, of file: DataFile, remedy: String
  ) throws(Problem) {
    try Self.requireDataset(name, root, file, remedy: remedy)
    self.name = name
    self.file = file
    let (shape, type, obstacle) = try file.reading {
      () throws(HDF5Error) -> ([Int], StoredType, Obstacle?) in
      let dataset = try root.openDataset(name)
      return (try dataset.shape, try dataset.storedType, try dataset.obstacle())
    }
    (self.shape, self.type) = (shape, type)
    guard type.isNumber, !shape.isEmpty else {
      throw file.problem("has \(name) as \(Self.summary(type, shape))", remedy: Self.remedy(type))
    }
    if let obstacle { throw file.problem("has \(name), which \(obstacle.sentence)", remedy: obstacle.remedy) }
  }

  private static func remedy(_ type: StoredType) -> String {
    switch type {
    case .other("text"): "write numbers, and classes as integers from 0 on"
    case .other("arrays"): "write the arrays as further axes of numbers"
    case .other: "write integers or floating-point numbers, one row per example"
    default: "write one row per example along a first axis"
    }
  }

  private static func summary(_ type: StoredType, _ shape: [Int]) -> String {
    if shape.isEmpty { return "a single \(type)" }
    return "\(type) of shape " + (shape.count == 1 ? "[\(shape[0])]" : shape.timesText)
  }
}

extension [Int] {
  /// The extents as text, such as `100 x 3`.
  var timesText: String { map(String.init).joined(separator: " x ") }
}

// MARK: - What stands there instead

extension StoredArray {
  private static func requireDataset(
    _ name: String, _ root: borrowing Group, _ file: DataFile, remedy: String
  ) throws(Problem) {
    let link = try file.reading { () throws(HDF5Error) -> Link? in try root.link(name) }
    guard let link else {
      throw file.problem("has no dataset \(name): it holds \(contents(root))", remedy: remedy)
    }
    guard root.reaches(name) else { throw file.problem(lost(link, name), remedy: remedyOfLost(link)) }
    let kind: Group.MemberKind
    do {
      kind = try root.kind(of: name)
    } catch {
      throw file.problem(
        "has \(name), which cannot be read: \(error.sentence)", remedy: error.remedy ?? remedy)
    }
    guard kind == .dataset else {
      let group = kind == .group ? "a group" : "a datatype"
      throw file.problem("has \(name) as \(group), not as a dataset of numbers", remedy: remedy)
    }
  }

  private static func lost(_ link: Link, _ name: String) -> String {
    switch link {
    case .soft(let target): "has \(name) as a link to \(target), where there is nothing"
    case .external(let file, let target):
      "has \(name) as a link to \(target) of the file \(file), which is not there or does not hold it"
    case .hard, .other: "has \(name), which leads to nothing"
    }
  }

  private static func remedyOfLost(_ link: Link) -> String {
    if case .external = link {
      return "put that file there, or copy the numbers into this one"
    }
    return "mend the link, or write the numbers under this name"
  }

  /// The members at the top of a file, with what they are.
  static func contents(_ root: borrowing Group) -> String {
    guard let names = try? root.memberNames() else { return "what cannot be listed" }
    // Sentences hold as many.
    return names.enumerated().map { $0 < 8 ? description(of: $1, root) : $1 }.listed
  }

  private static func description(of name: String, _ root: borrowing Group) -> String {
    guard root.reaches(name), let kind = try? root.kind(of: name) else {
      return "\(name) (a link to nothing)"
    }
    switch kind {
    case .group:
      let members = try? root.openGroup(name).memberNames()
      return "\(name) (a group of \(members?.listed ?? "what cannot be listed"))"
    case .dataset:
      do {
        let dataset = try root.openDataset(name)
        return "\(name) (\(summary(try dataset.storedType, try dataset.shape)))"
      } catch {
        return "\(name) (unreadable)"
      }
    case .other: return name
    }
  }
}
