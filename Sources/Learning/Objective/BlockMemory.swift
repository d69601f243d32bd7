public import LinearAlgebra
import ProgramExecutor
import TensorProgram

/// What the computation of one block of examples takes, in bytes, as its compiled programs say.
public struct BlockMemory: Sendable {
  /// What is kept from one Hessian product to the next.
  public let residuals: Int
  /// Intermediate values, which all blocks share.
  public let intermediates: Int

  /// Compiles the programs of a network for blocks of so many examples; nothing is run.
  ///
  /// - Throws: What the compiler throws.
  public init<Scalar: RealScalar>(
    _ model: any Model, _ loss: Loss, features: Int, outputs: Int, examples: Int, scalar: Scalar.Type
  ) throws {
    let executables = BlockExecutables<Scalar>(
      BlockPrograms(
        model: model, loss: loss, features: features, outputs: outputs,
        scalar: Scalar.choose(float: .float, double: .double)))
    let curvature = try executables.curvature(examples)
    let numbers = curvature.linearization.primal.counts(of: curvature.linearization.residuals).values.reduce(
      0, +)
    residuals = numbers * MemoryLayout<Scalar>.stride
    intermediates =
      try curvature.primal.arenaByteCount + curvature.linear.arenaByteCount
      + executables.gradient(examples).arenaByteCount
      + executables.gradientWithResiduals(examples).arenaByteCount
  }
}
