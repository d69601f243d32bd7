internal import LinearAlgebra
internal import Schema

/// Adafactor: Shazeer & Stern, "Adafactor: adaptive learning rates with sublinear memory cost", 2018, arXiv 1804.04235,
/// algorithms 4 and 5.
///
///     R = beta2 R + (1 - beta2) (row means of g^2 + epsilon)
///     C = beta2 C + (1 - beta2) (column means of g^2 + epsilon)
///     w -= eta m / sqrt(R C / mean(R))
///
/// for every parameter array by itself, as a matrix: an array of more than two dimensions has its first as rows and the
/// product of the others as columns, and a vector is a matrix of one row, for which nothing is factored.
///
/// Defaults are those of the edge-of-stability literature (Cohen et al. 2022, arXiv 2207.14484): a first moment `m`
/// with `beta1: 0.9` (the average of the gradients, not of the steps), `beta2` constant and both bias-corrected,
/// neither clipping nor relative steps. The paper's own choice is
///
/// - `beta1: 0`: no first moment, `m` is `g`;
/// - `decay_rate: 0.8`: `1 - t^-0.8` in the place of `beta2`, which needs no bias correction;
/// - `clip: 1`: divides the step by `max(1, rms(g / sqrt(R C / mean(R))) / clip)`;
/// - `relative_step: true`: multiplies it by `max(0.001, rms(w))`.
///
/// Clipping and relative steps are numbers per array, and part of the preconditioner here.
enum Adafactor: AdaptiveRule {
  static let name = "adafactor"
  static let defaults: Hyperparameters = [
    .beta1: 0.9, .beta2: 0.8, .epsilon: 1e-30, .biasCorrection: true, .decayRate: "none", .clip: "none",
    .relativeStep: false,
  ]

  static func filter(_ parameters: Hyperparameters, after count: Int) -> GradientFilter {
    .average(parameters[.beta1])
  }

  static func preconditioner<Scalar: RealScalar>(
    _ parameters: Hyperparameters, shapes: [[Int]]
  ) -> any Preconditioner<Scalar> {
    FactoredMoments(parameters, shapes: shapes)
  }
}
