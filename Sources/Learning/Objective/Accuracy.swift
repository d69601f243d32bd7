import Datasets
import LinearAlgebra

extension LearningTask {
  /// The number of rows whose largest output is the class, or whose sign agrees; 0 in regression.
  func correct<Scalar: RealScalar>(
    _ predictions: VectorSlice<Scalar>, _ targets: VectorSlice<Scalar>, outputs: Int
  ) -> Int {
    guard self != .regression else { return 0 }
    return predictions.withSpan { predictions in
      targets.withSpan { targets in
        self == .classification
          ? correctClasses(predictions, targets, outputs: outputs) : correctSigns(predictions, targets)
      }
    }
  }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func correctClasses<Scalar: RealScalar>(
  _ predictions: Span<Scalar>, _ targets: Span<Scalar>, outputs: Int
) -> Int {
  var count = 0
  for first in stride(from: 0, to: predictions.count, by: outputs) {
    var best = first
    for index in first..<first + outputs where predictions[index] > predictions[best] { best = index }
    if targets[best] == 1 { count += 1 }
  }
  return count
}

private func correctSigns<Scalar: RealScalar>(_ predictions: Span<Scalar>, _ targets: Span<Scalar>) -> Int {
  var count = 0
  for index in predictions.indices where predictions[index] * targets[index] > 0 { count += 1 }
  return count
}
