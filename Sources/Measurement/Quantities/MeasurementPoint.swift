public import Learning
public import LinearAlgebra
public import Spectra

/// All that a quantity may use: where the run stands, the Hessians there, and their top eigenpairs.
public final class MeasurementPoint<Scalar: RealScalar> {
  /// Where the run stands.
  public let run: RunPoint<Scalar>
  /// The number of the measurement, from 0.
  public let index: Int
  /// The objective.
  public let objective: Objective<Scalar>
  /// The top eigenpairs of the Hessian.
  public let hessianPairs: Eigenpairs<Scalar>
  private let hessian: HessianOperator<Scalar>
  private let preconditioned: PreconditionedSpectrum<Scalar>
  private let seed: UInt64

  /// Creates a point; `hessian` has been linearised at its weights.
  init(
    _ run: RunPoint<Scalar>, index: Int, objective: Objective<Scalar>, hessian: HessianOperator<Scalar>,
    hessianPairs: Eigenpairs<Scalar>, preconditioned: PreconditionedSpectrum<Scalar>, seed: UInt64
  ) {
    self.run = run
    self.index = index
    self.objective = objective
    self.hessian = hessian
    self.hessianPairs = hessianPairs
    self.preconditioned = preconditioned
    self.seed = seed
  }

  /// The number of parameters.
  public var dimension: Int { objective.parameterCount }

  /// Random numbers for one use at this measurement.
  public func random(_ stream: Philox.Stream) -> Philox {
    Philox(seed: seed, stream: stream, substream: UInt32(index))
  }

  /// Measures the Hessian and, where it is measured at all, the preconditioned Hessian.
  ///
  /// The values get `hessian_` and `preconditioned_` before their names; where `P = I` they are the same.
  public func overSpectra(
    _ measure: (any SymmetricOperator<Scalar>, Eigenpairs<Scalar>) throws -> [String: [Double]]
  ) throws -> [String: [Double]] {
    let plain = try measure(hessian, hessianPairs)
    let second: [String: [Double]] =
      switch preconditioned {
      case .same: plain
      case .own(let matrix, let pairs): try measure(matrix, pairs)
      case .notMeasured: [:]
      }
    return plain.prefixed("hessian_").merging(second.prefixed("preconditioned_")) { first, _ in first }
  }
}

/// What is known of the preconditioned Hessian at a measurement.
enum PreconditionedSpectrum<Scalar: RealScalar> {
  /// It is the Hessian.
  case same
  /// It is another matrix, with these top eigenpairs.
  case own(PreconditionedOperator<Scalar>, Eigenpairs<Scalar>)
  /// It is another matrix, which nobody asked for.
  case notMeasured
}

extension [String: [Double]] {
  fileprivate func prefixed(_ prefix: String) -> [String: [Double]] {
    Dictionary(uniqueKeysWithValues: map { (prefix + $0, $1) })
  }
}
