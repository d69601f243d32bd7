internal import LinearAlgebra
internal import Schema

/// Adagrad, diagonal: Duchi, Hazan & Singer, "Adaptive subgradient methods", 2011, figure 1.
///
///     nu = nu + g^2
///     w -= eta g / (sqrt(nu) + epsilon)
///
/// `nu` begins at `initial_accumulator`: 0 in the paper and in PyTorch, 0.1 in TensorFlow.
enum Adagrad: AdaptiveRule {
  static let name = "adagrad"
  static let defaults: Hyperparameters = [.epsilon: 1e-10, .initialAccumulator: 0.0]

  static func preconditioner<Scalar: RealScalar>(
    _ parameters: Hyperparameters, shapes: [[Int]]
  ) -> any Preconditioner<Scalar> {
    SecondMoment(
      count: shapes.parameterCount,
      .init(decay: 1, weight: 1, start: parameters[.initialAccumulator]), epsilon: parameters[.epsilon])
  }
}
