import LinearAlgebra
import Problems

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
      try Problem.require(
        classes == 2, "data.targets", "is signed, but there are \(classes) classes",
        remedy: "use one-hot, or choose two classes")
      return Vector(labels.map { $0 == 0 ? -1 : 1 })
    }
  }
}
