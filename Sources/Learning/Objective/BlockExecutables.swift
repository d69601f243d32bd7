public import Datasets
public import LinearAlgebra
import ProgramExecutor
import TensorProgram

/// The compiled programs of a network under a loss, made when a block of that many examples first needs them.
///
/// Objectives of one network and loss can share them one after the other: what they keep from call to call is their own.
///
/// Gradients and residuals are computed by programs with more and with fewer outputs, with the same bits: so none but the
/// linear half of the Hessian product folds matrix products.
public final class BlockExecutables<Scalar: RealScalar> {
  /// The two halves of the Hessian product.
  struct Curvature {
    /// Computes the residuals only.
    let primal: Executable<Scalar>
    /// Maps tangents of the parameters, and residuals, to Hessian products.
    let linear: Executable<Scalar>
    /// How residuals are numbered.
    let linearization: Linearization
  }

  /// The three parts of the third derivative.
  struct ThirdDerivatives {
    /// Computes the residuals only.
    let primal: Executable<Scalar>
    /// Maps a direction and residuals to a Hessian product and what pairs need of the direction.
    let direction: Executable<Scalar>
    /// Maps two directions, and what was computed of them and of the point, to a third derivative.
    let pair: Executable<Scalar>
    /// Where each residual comes from.
    let residuals: [Linearization.Residual]
    /// The elements of every residual that is computed, by the output of the primal program.
    let residualCounts: [Int: Int]
  }

  let programs: BlockPrograms
  private var losses: [Int: Executable<Scalar>] = [:]
  private var gradients: [Int: Executable<Scalar>] = [:]
  private var gradientsWithResiduals: [Int: Executable<Scalar>] = [:]
  private var curvatures: [Int: Curvature] = [:]
  private var thirdDerivatives: [Int: ThirdDerivatives] = [:]

  /// The network.
  public var model: any Model { programs.model }

  /// Compiles nothing yet.
  ///
  /// - Parameters:
  ///   - model: the network, made for the features and outputs of the data.
  ///   - loss: what is minimised.
  ///   - data: the examples, or others of as many features and outputs.
  public convenience init(model: any Model, loss: Loss, data: Dataset<Scalar>) {
    self.init(
      BlockPrograms(
        model: model, loss: loss, features: data.training.features, outputs: data.training.outputs,
        scalar: Scalar.choose(float: .float, double: .double)))
  }

  init(_ programs: BlockPrograms) { self.programs = programs }

  /// The memory of all that is compiled so far.
  public var byteCount: Int {
    let single = [losses, gradients, gradientsWithResiduals].flatMap(\.values)
    let parts =
      curvatures.values.flatMap { [$0.primal, $0.linear] }
      + thirdDerivatives.values.flatMap { [$0.primal, $0.direction, $0.pair] }
    return (single + parts).reduce(0) { $0 + $1.arenaByteCount }
  }

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
        primal: try point(linearization.primal, linearization.residuals),
        linear: try Executable(linearization.linear),
        linearization: linearization)
    }
  }

  /// Computes loss and gradient, and the residuals of the Hessian product.
  func gradientWithResiduals(_ examples: Int) throws -> Executable<Scalar> {
    try cached(&gradientsWithResiduals, examples) {
      let linearization = try curvature(examples).linearization
      return try point(linearization.primal, linearization.residuals, after: programs.gradientOutputs)
    }
  }

  func thirdDerivative(_ examples: Int) throws -> ThirdDerivatives {
    try cached(&thirdDerivatives, examples) {
      let parts = programs.thirdDerivative(examples: examples)
      return ThirdDerivatives(
        primal: try point(parts.primal, parts.residuals),
        direction: try Executable(parts.direction), pair: try Executable(parts.pair),
        residuals: parts.residuals, residualCounts: parts.primal.counts(of: parts.residuals))
    }
  }

  /// What computes residuals, behind the first `count` outputs of a program, with bits that do not depend on that number.
  private func point(
    _ primal: Program, _ residuals: [Linearization.Residual], after count: Int = 0
  ) throws -> Executable<Scalar> {
    try Executable(primal.keeping(residuals: residuals, after: count), foldingProducts: false)
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
