import Datasets
import Learning
import LinearAlgebra
import Optimizers
import Schema
import Spectra
import Testing

@testable import Probes

/// A small network on random data at its initial weights, with dense matrices to hold quantities against.
struct Fixture {
  let objective: Objective<Double>
  let weights: Vector<Double>
  let examples: Int
  let blockSize = 8

  init(hidden: [Int] = [5], examples: Int = 30) throws {
    let data = try DataConfiguration.gaussianMixture(
      GaussianMixtureData(examples: examples, features: 4, classes: 3)
    ).load(as: Double.self)
    let model = try ModelConfiguration.mlp(MLPConfiguration(hidden: hidden)).makeModel(
      features: 4, outputs: 3)
    objective = try Objective(model: model, loss: .mse, data: data, blockSize: blockSize)
    weights = model.initialWeights(seed: 3, as: Double.self)
    self.examples = examples
  }

  var count: Int { weights.count }

  /// The gradient over a batch.
  func gradient(_ batch: Batch = .full) throws -> Vector<Double> {
    let gradient = Vector<Double>(count: count)
    _ = try objective.gradient(at: weights, batch: batch, into: gradient)
    return gradient
  }

  /// The Hessian over a batch, row-major.
  func hessian(_ batch: Batch = .full) throws -> [Double] {
    try denseMatrix(HessianOperator(objective.linearize(at: weights, batch: batch)))
  }

  func optimizer(_ configuration: OptimizerConfiguration = OptimizerConfiguration("gd")) -> any Optimizer<
    Double
  > {
    configuration.makeOptimizer(shapes: objective.layout.segments.map(\.shape))
  }

  /// Where a run stands that begins its step with this batch.
  func point(
    batch: Batch = .full, _ optimizer: any Optimizer<Double>, learningRate: Double = 0.1
  ) throws -> RunPoint<Double> {
    let gradient = Vector<Double>(count: count)
    let loss = try objective.gradient(at: weights, batch: batch, into: gradient).loss
    optimizer.absorb(gradient, at: weights)
    return RunPoint(
      step: 0, weights: weights, gradient: gradient, loss: loss, batch: batch,
      stability: Stability(optimizer, learningRate: learningRate))
  }

  /// A probe for one quantity.
  func probe(
    _ quantities: any QuantityConfiguration..., top: Int = 1, preconditioned: Bool = true, seed: UInt64 = 1
  ) -> SharpnessProbe<Double> {
    SharpnessProbe(
      objective: objective,
      settings: SharpnessSettings(
        solver: BlockKrylov(count: top, tolerance: 1e-8), preconditioned: preconditioned),
      quantities: quantities.map { $0.makeQuantity(for: objective) }, seed: seed)
  }
}

/// The matrix of an operator, row-major.
func denseMatrix(_ matrix: any SymmetricOperator<Double>) throws -> [Double] {
  let count = matrix.dimension
  let (unit, column) = (Vector<Double>(count: count), Vector<Double>(count: count))
  var result = [Double](repeating: 0, count: count * count)
  for j in 0..<count {
    unit.fill(0)
    unit[j] = 1
    try matrix.apply(unit, into: column)
    for i in 0..<count { result[i * count + j] = column[i] }
  }
  return result
}

/// The sum of the diagonal of a square matrix.
func trace(_ matrix: [Double], _ count: Int) -> Double {
  (0..<count).reduce(0) { $0 + matrix[$1 * count + $1] }
}

/// A diagonal matrix, whose spectrum is plain to see.
final class DiagonalMatrix: SymmetricOperator {
  private let diagonal: Vector<Double>

  init(_ diagonal: [Double]) { self.diagonal = Vector(diagonal) }

  var dimension: Int { diagonal.count }

  func apply(_ x: Vector<Double>, into y: Vector<Double>) {
    y.copy(from: x)
    y.multiply(by: diagonal)
  }
}

extension Dictionary where Key == Variable {
  /// The values of the variable of a name.
  subscript(name: String) -> Value? { first { $0.key.name == name }?.value }
}
