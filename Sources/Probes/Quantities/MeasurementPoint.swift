public import Learning
public import LinearAlgebra
public import Schema
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
  /// The Hessian over the measured examples.
  public let hessian: HessianOperator<Scalar>
  private let counter: ProductCounter
  private let preconditioned: PreconditionedSpectrum<Scalar>
  private let lastVectors: LastVectors<Scalar>
  private let seed: UInt64
  private var knownGradient: (loss: Double, gradient: Vector<Scalar>)?

  /// Creates a point; `hessian` is that at its weights, and `counter` counts products.
  init(
    _ run: RunPoint<Scalar>, index: Int, objective: Objective<Scalar>, hessian: HessianOperator<Scalar>,
    counter: ProductCounter, hessianPairs: Eigenpairs<Scalar>, preconditioned: PreconditionedSpectrum<Scalar>,
    lastVectors: LastVectors<Scalar>, seed: UInt64
  ) {
    self.run = run
    self.index = index
    self.objective = objective
    self.hessian = hessian
    self.counter = counter
    self.hessianPairs = hessianPairs
    self.preconditioned = preconditioned
    self.lastVectors = lastVectors
    self.seed = seed
    if run.batch == .full { knownGradient = (run.loss, run.gradient) }
  }

  /// The number of parameters.
  public var dimension: Int { objective.parameterCount }

  /// Random numbers for one use at this measurement.
  public func random(_ stream: Philox.Stream) -> Philox {
    Philox(seed: seed, stream: stream, substream: UInt32(index))
  }

  /// Loss and gradient over all training examples, computed once; the gradient is not to be changed.
  public func fullGradient() throws -> (loss: Double, gradient: Vector<Scalar>) {
    if let knownGradient { return knownGradient }
    let gradient = Vector<Scalar>(count: dimension)
    let result = (try objective.gradient(at: run.weights, into: gradient).loss, gradient)
    knownGradient = result
    return result
  }
}

// MARK: - Hessians

extension MeasurementPoint {
  /// The Hessian over a batch.
  public func hessian(over batch: Batch) throws -> HessianOperator<Scalar> {
    if batch == hessian.batch { return hessian }
    return HessianOperator(try objective.linearize(at: run.weights, batch: batch), counter: counter)
  }

  /// The gradient over a batch and the Hessian over it.
  public func hessian(over batch: Batch, gradient: Vector<Scalar>) throws -> HessianOperator<Scalar> {
    let point = try objective.linearize(at: run.weights, batch: batch, gradient: gradient)
    return HessianOperator(point.linearized, counter: counter)
  }

  /// Measures the Hessian and, where it is measured at all, the preconditioned Hessian.
  ///
  /// Every value belongs to a pair of variables. Where `P = I` they are measured once: `slopes`
  /// says what they grow by, per unit of coupled weight decay; by default nothing.
  public func overSpectra(
    slopes: [VariablePair: Double] = [:],
    _ measure: (MeasuredSpectrum<Scalar>) throws -> [VariablePair: [Double]]
  ) throws -> [Variable: [Double]] {
    let plain = try measure(
      MeasuredSpectrum(matrix: hessian, pairs: hessianPairs, lastVectors: lastVectors.hessian))
    let second: [VariablePair: [Double]] =
      switch preconditioned {
      case .same: plain
      case .shifted(let delta, _): plain.shifted(by: delta, slopes)
      case .own(let matrix, let pairs):
        try measure(
          MeasuredSpectrum(matrix: matrix, pairs: pairs, lastVectors: lastVectors.preconditioned))
      case .notMeasured: [:]
      }
    return plain.of(\.hessian).merging(second.of(\.preconditioned)) { first, _ in first }
  }
}

/// A matrix whose top eigenpairs are known.
public struct MeasuredSpectrum<Scalar: RealScalar> {
  /// The Hessian, or `P^(-1/2) H P^(-1/2)`.
  public let matrix: any SymmetricOperator<Scalar>
  /// Its top eigenpairs.
  public let pairs: Eigenpairs<Scalar>
  /// Its top eigenvectors at the last measurement; none at the first.
  public let lastVectors: [Vector<Scalar>]
}

/// The top eigenvectors of the last measurement.
struct LastVectors<Scalar: RealScalar> {
  let hessian: [Vector<Scalar>]
  let preconditioned: [Vector<Scalar>]
}

/// What is known of the preconditioned Hessian at a measurement.
enum PreconditionedSpectrum<Scalar: RealScalar> {
  /// It is the Hessian.
  case same
  /// It is the Hessian and a multiple of the identity, with these top eigenpairs.
  case shifted(by: Double, Eigenpairs<Scalar>)
  /// It is another matrix, with these top eigenpairs.
  case own(PreconditionedOperator<Scalar>, Eigenpairs<Scalar>)
  /// It is another matrix, which nobody asked for.
  case notMeasured
}

/// A variable for the Hessian, and the same for the preconditioned Hessian.
public struct VariablePair: Hashable, Sendable {
  /// What is recorded of the Hessian, under `hessian_` and a name.
  public let hessian: Variable
  /// What is recorded of `P^(-1/2) H P^(-1/2)`, under `preconditioned_` and the name.
  public let preconditioned: Variable

  /// Optional real variables per measurement, and what they are of either matrix.
  init(_ name: String, _ ofHessian: String, _ ofPreconditioned: String, per axes: Axis...) {
    hessian = Variable("hessian_\(name)", .real, ofHessian, per: [.measurement] + axes, optional: true)
    preconditioned = Variable(
      "preconditioned_\(name)", .real, ofPreconditioned, per: [.measurement] + axes, optional: true)
  }
}

extension [VariablePair] {
  /// Those of the Hessian, then those of the other matrix.
  var variables: [Variable] { map(\.hessian) + map(\.preconditioned) }
}

extension [VariablePair: [Double]] {
  fileprivate func of(_ matrix: KeyPath<VariablePair, Variable>) -> [Variable: [Double]] {
    Dictionary<Variable, [Double]>(uniqueKeysWithValues: map { ($0[keyPath: matrix], $1) })
  }

  fileprivate func shifted(by delta: Double, _ slopes: [VariablePair: Double]) -> Self {
    Dictionary(
      uniqueKeysWithValues: map { pair, values in
        let growth = delta * slopes[pair, default: 0]
        return (pair, values.map { $0 + growth })
      })
  }
}
