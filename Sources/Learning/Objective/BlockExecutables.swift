import LinearAlgebra
import ProgramExecutor
import TensorProgram

/// The compiled programs of one objective, made when a block of that many examples first needs them.
///
/// Gradients and residuals are computed by programs with more and with fewer outputs, with the same bits: so none but the
/// linear half of the Hessian product folds matrix products.
final class BlockExecutables<Scalar: RealScalar> {
  /// The two halves of the Hessian product.
  struct Curvature {
    /// Computes the residuals only.
    let primal: Executable<Scalar>
    /// Maps tangents of the parameters, and residuals, to Hessian products.
    let linear: Executable<Scalar>
    /// How residuals are numbered.
    let linearization: Linearization
  }

  let programs: BlockPrograms
  private var losses: [Int: Executable<Scalar>] = [:]
  private var gradients: [Int: Executable<Scalar>] = [:]
  private var gradientsWithResiduals: [Int: Executable<Scalar>] = [:]
  private var curvatures: [Int: Curvature] = [:]

  init(_ programs: BlockPrograms) { self.programs = programs }

  func loss(_ examples: Int) throws -> Executable<Scalar> {
    try cached(&losses, examples) { try Executable(programs.loss(examples: examples)) }
  }

  func gradient(_ examples: Int) throws -> Executable<Scalar> {
    try cached(&gradients, examples) {
      try Executable(programs.gradient(examples: examples), foldingProducts: false)
    }
  }

  func curvature(_ examples: Int) throws -> Curvature {
    try cached(&curvatures, examples) {
      let linearization = programs.curvature(examples: examples)
      return Curvature(
        primal: try Executable(linearization.primal(keeping: 0), foldingProducts: false),
        linear: try Executable(linearization.linear),
        linearization: linearization)
    }
  }

  /// Computes loss and gradient, and the residuals of the Hessian product.
  func gradientWithResiduals(_ examples: Int) throws -> Executable<Scalar> {
    try cached(&gradientsWithResiduals, examples) {
      try Executable(
        curvature(examples).linearization.primal(keeping: programs.gradientOutputs), foldingProducts: false)
    }
  }

  private func cached<Compiled>(
    _ cache: inout [Int: Compiled], _ examples: Int, compile: () throws -> Compiled
  ) rethrows -> Compiled {
    if let known = cache[examples] { return known }
    let new = try compile()
    cache[examples] = new
    return new
  }
}
