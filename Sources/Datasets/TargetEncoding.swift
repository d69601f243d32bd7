import LinearAlgebra
import Problems
import Schema

/// How classes become target vectors.
public enum TargetEncoding: String, Sendable, Hashable, CaseIterable {
  /// One output per class: 1 for the example's class, 0 elsewhere.
  case oneHot = "one-hot"
  /// One output: -1 for class 0, +1 for class 1; needs exactly two classes.
  case signed

  /// The targets of labelled examples, row-major.
  func targets<Scalar: RealScalar>(
    of labels: [Int], classes: Int, as scalar: Scalar.Type
  ) throws(Problem) -> Vector<Scalar> {
    switch self {
    case .oneHot:
      try Problem.requireRoom(labels.count, by: classes, "data.path", "one-hot targets")
      let targets = Vector<Scalar>(count: labels.count * classes)
      for (row, label) in labels.enumerated() { targets[row * classes + label] = 1 }
      return targets
    case .signed:
      _ = try outputs(classes: classes)
      return Vector(labels.map { $0 == 0 ? -1 : 1 })
    }
  }

  /// The length of a target of so many classes.
  func outputs(classes: Int) throws(Problem) -> Int {
    guard self == .signed else { return classes }
    guard classes == 2 else {
      throw Problem(
        "data.targets", "signed targets need 2 classes, but there are \(classes)",
        remedy: "write 'classes: 2', or one-hot targets")
    }
    return 1
  }
}

extension TargetEncoding: SettingValue {}
