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
  /// What was measured, by variable of the record.
  private var measured = RaggedTable()
  /// What else the steps say of themselves.
  private var moved = RaggedTable()
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
    moved: [Variable: [[Double]]] = [:], measured: [Variable: [[Double]]], measurements: Int,
    kept: [(step: Int, weights: [Double])] = []
  ) {
    (self.trainLoss, self.trainAccuracy) = (trainLoss, trainAccuracy)
    (self.gradientNorm, self.stepSize) = (gradientNorm, stepSize)
    self.moved = RaggedTable(moved, count: trainLoss.count)
    self.measured = RaggedTable(measured, count: measurements)
    self.kept = kept
  }

  /// The number of recorded steps.
  package var steps: Int { trainLoss.count }

  /// Adds a step; `values` is what moved the weights says of it.
  package mutating func append(
    loss: Double, accuracy: Double, gradientNorm norm: Double, stepSize size: Double,
    _ values: [Variable: [Double]] = [:]
  ) {
    trainLoss.append(loss)
    trainAccuracy.append(accuracy)
    gradientNorm.append(norm)
    stepSize.append(size)
    moved.append(values)
  }

  /// Keeps the weights before a step.
  package mutating func keep<Scalar: RealScalar>(_ weights: Vector<Scalar>, at step: Int) {
    kept.append((step, weights.array.map { Double($0) }))
  }

  /// Adds a measurement.
  package mutating func append(_ measurement: Measurement) { measured.append(measurement.variables) }

  /// The number of measurements.
  package var measurements: Int { measured.count }

  /// The variables beside the four of every step that were recorded at all.
  package var variables: [Variable] { moved.variables + measured.variables }

  /// The rows of a variable, one for every step or measurement.
  package func rows(_ variable: Variable) -> [[Double]] { table(variable).rows(variable) }

  /// The first value of every step or measurement; NaN where there is none.
  package func values(_ variable: Variable) -> [Double] { table(variable).values(variable) }

  /// The first value of the last step or measurement; nil where it has none, or none that is finite.
  func latest(_ variable: Variable) -> Double? { table(variable).latest(variable) }

  private func table(_ variable: Variable) -> RaggedTable {
    variable.axes.contains(.step) ? moved : measured
  }

  /// What was recorded before a step.
  package func prefix(steps count: Int) -> Recording {
    var part = self
    part.trainLoss = Array(trainLoss.prefix(count))
    part.trainAccuracy = Array(trainAccuracy.prefix(count))
    part.gradientNorm = Array(gradientNorm.prefix(count))
    part.stepSize = Array(stepSize.prefix(count))
    part.kept = Array(kept.prefix { $0.step < count })
    part.moved = moved.prefix(count)
    part.measured = measured.prefix(values(.measuredStep).prefix { $0 < Double(count) }.count)
    return part
  }

  /// The number of Hessian products of all measurements.
  package var hessianProducts: Int { Int(values(.productsUsed).reduce(0, +)) }
}
