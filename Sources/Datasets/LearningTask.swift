/// What the targets of a dataset mean.
public enum LearningTask: Codable, Hashable, Sendable {
  /// Real values.
  case regression
  /// Classes, one output each: 1 for the example's class, 0 elsewhere.
  case classification
  /// Two classes in one output: -1 and +1.
  case signedClassification

  init(_ encoding: TargetEncoding) {
    switch encoding {
    case .oneHot: self = .classification
    case .signed: self = .signedClassification
    }
  }
}
