package import LinearAlgebra
package import Probes
package import Schema
import Shards

/// The trajectory of one run: columns that grow with it, the same that its record has.
///
/// Per-step columns hold the values at `w_0 ... w_(steps - 1)`. A run that goes on from a checkpoint goes on with these
/// columns too.
package struct Recording: Sendable {
  /// The loss of each step's batch before the step.
  package private(set) var trainLoss: [Double] = []
  /// The fraction of each step's batch classified correctly; NaN where the task has no accuracy.
  package private(set) var trainAccuracy: [Double] = []
  /// The Euclidean norm of the gradient of each step's batch.
  package private(set) var gradientNorm: [Double] = []
  /// The step size of each step.
  package private(set) var stepSize: [Double] = []
  /// What was measured, by variable of the record; a column ends with the last measurement that had the variable.
  private var columns: [Variable: RaggedColumn] = [:]
  /// The number of measurements.
  package private(set) var measurements = 0
  /// Weights that are kept, with the step before which the run had them.
  package private(set) var kept: [(step: Int, weights: [Double])] = []

  /// Creates a recording without steps, with room for those to come.
  package init(steps limit: Int = 0) {
    // A step limit that is never meant to be reached takes no memory.
    let room = min(limit, 1_000_000)
    trainLoss.reserveCapacity(room)
    trainAccuracy.reserveCapacity(room)
    gradientNorm.reserveCapacity(room)
    stepSize.reserveCapacity(room)
  }

  /// Creates a recording of what was recorded before.
  init(
    trainLoss: [Double], trainAccuracy: [Double], gradientNorm: [Double], stepSize: [Double],
    measured: [Variable: [[Double]]], measurements: Int, kept: [(step: Int, weights: [Double])] = []
  ) {
    (self.trainLoss, self.trainAccuracy) = (trainLoss, trainAccuracy)
    (self.gradientNorm, self.stepSize) = (gradientNorm, stepSize)
    columns = measured.mapValues { rows in
      rows.reduce(into: RaggedColumn()) { $0.append($1) }
    }
    self.measurements = measurements
    self.kept = kept
  }

  /// The number of recorded steps.
  package var steps: Int { trainLoss.count }

  /// Adds a step.
  package mutating func append(
    loss: Double, accuracy: Double, gradientNorm norm: Double, stepSize size: Double
  ) {
    trainLoss.append(loss)
    trainAccuracy.append(accuracy)
    gradientNorm.append(norm)
    stepSize.append(size)
  }

  /// Keeps the weights before a step.
  package mutating func keep<Scalar: RealScalar>(_ weights: Vector<Scalar>, at step: Int) {
    kept.append((step, weights.array.map { Double($0) }))
  }

  /// Adds a measurement.
  package mutating func append(_ measurement: Measurement) {
    for (variable, values) in measurement.variables {
      columns[variable, default: RaggedColumn()].fill(to: measurements)
      columns[variable]?.append(values)
    }
    measurements += 1
  }

  /// The variables that were measured at all.
  package var measuredVariables: [Variable] { Array(columns.keys) }

  /// The rows of a variable, one for every measurement.
  package func rows(_ variable: Variable) -> [[Double]] {
    var column = columns[variable] ?? RaggedColumn()
    column.fill(to: measurements)
    return (0..<measurements).map { Array(column[$0]) }
  }

  /// The first value of every measurement; NaN where there is none.
  package func values(_ variable: Variable) -> [Double] {
    guard let column = columns[variable] else { return Array(repeating: .nan, count: measurements) }
    return (0..<measurements).map { $0 < column.count ? column[$0].first ?? .nan : .nan }
  }

  /// The first value of the last measurement; nil where it has none, or none that is finite.
  func latest(_ variable: Variable) -> Double? {
    guard measurements > 0, let column = columns[variable], column.count == measurements,
      let value = column[measurements - 1].first, value.isFinite
    else { return nil }
    return value
  }

  /// What was recorded before a step.
  package func prefix(steps count: Int) -> Recording {
    var part = self
    part.trainLoss = Array(trainLoss.prefix(count))
    part.trainAccuracy = Array(trainAccuracy.prefix(count))
    part.gradientNorm = Array(gradientNorm.prefix(count))
    part.stepSize = Array(stepSize.prefix(count))
    part.kept = Array(kept.prefix { $0.step < count })
    part.measurements = values(.measuredStep).prefix { $0 < Double(count) }.count
    part.columns = columns.mapValues { $0.prefix(part.measurements) }
    return part
  }

  /// The number of Hessian products of all measurements.
  package var hessianProducts: Int { Int(values(.productsUsed).reduce(0, +)) }
}
