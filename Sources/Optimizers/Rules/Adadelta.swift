internal import LinearAlgebra
internal import Schema

/// Adadelta: Zeiler, "ADADELTA: an adaptive learning rate method", 2012, arXiv 1212.5701, algorithm 1.
///
///     nu = beta2 nu + (1 - beta2) g^2
///     d  = sqrt(mu + epsilon) / sqrt(nu + epsilon) g
///     w -= eta d
///     mu = beta2 mu + (1 - beta2) d^2
///
/// beta2 is the paper's rho; its step size is 1. Epsilon stands under the roots; 1e-6 is the paper's.
enum Adadelta: AdaptiveRule {
  static let name = "adadelta"
  static let defaults: Hyperparameters = [.beta2: 0.95, .epsilon: 1e-6]

  static func preconditioner<Scalar: RealScalar>(
    _ parameters: Hyperparameters, shapes: [[Int]]
  ) -> any Preconditioner<Scalar> {
    StepRatio(
      count: shapes.parameterCount, beta2: parameters[.beta2], epsilon: parameters[.epsilon])
  }
}

/// The preconditioner of Adadelta, `sqrt(nu + epsilon) / sqrt(mu + epsilon)`, which learns from the steps too.
private final class StepRatio<Scalar: RealScalar>: Preconditioner {
  private let beta2: Double
  private let epsilon: Double
  private let gradients: Vector<Scalar>
  private let steps: Vector<Scalar>
  private let scales: Vector<Scalar>
  /// The step `d`, before the step size.
  private let step: Vector<Scalar>

  init(count: Int, beta2: Double, epsilon: Double) {
    (self.beta2, self.epsilon) = (beta2, epsilon)
    (gradients, steps) = (Vector(count: count), Vector(count: count))
    (scales, step) = (Vector(count: count), Vector(count: count))
  }

  var state: [(name: String, vector: Vector<Scalar>)] {
    [("second_moment", gradients), ("second_moment_of_steps", steps)]
  }

  func absorb(_ gradient: Vector<Scalar>, at weights: Vector<Scalar>, count: Int) {
    gradients.averageSquare(of: gradient, decay: beta2)
  }

  func write(into diagonal: Vector<Scalar>, after count: Int) {
    diagonal.all.becomeRootRatio(gradients.all, steps.all, epsilon: epsilon)
  }

  func move(_ weights: Vector<Scalar>, along direction: Vector<Scalar>, by amount: Double, after count: Int) {
    write(into: scales, after: count)
    step.fill(0)
    step.all.step(along: direction.all, by: -1, dividedBy: scales.all)
    steps.averageSquare(of: step, decay: beta2)
    weights.add(step, scaledBy: -amount)
  }
}
