internal import LinearAlgebra
internal import Schema

/// AdamW: Loshchilov & Hutter, "Decoupled weight decay regularization", 2019, arXiv 1711.05101, algorithm 2.
///
///     w = (1 - eta delta) w - eta (Adam's direction)
///
/// As in PyTorch the decay is multiplied by the step size; in the paper only by the schedule's multiplier. How it
/// moves the threshold: see `GradientFilter.stabilityThreshold`.
enum AdamW: AdaptiveRule {
  static let name = "adamw"
  static let defaults: Hyperparameters = [
    .beta1: 0.9, .beta2: 0.999, .epsilon: 1e-7, .biasCorrection: true, .weightDecay: 0.01,
  ]

  static let hasDecoupledDecay = true

  static func filter(_ parameters: Hyperparameters, after count: Int) -> GradientFilter {
    .average(parameters[.beta1])
  }

  static func preconditioner<Scalar: RealScalar>(
    _ parameters: Hyperparameters, shapes: [[Int]]
  ) -> any Preconditioner<Scalar> {
    SecondMoment(adam: parameters, shapes: shapes)
  }
}
