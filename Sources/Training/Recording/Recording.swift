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
  /// By variable of the record: a row of values for every measurement, empty where it was not measured.
  package private(set) var measured: [Variable: [[Double]]] = [:]
  /// The number of measurements.
  package private(set) var measurements = 0

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
    measured: [Variable: [[Double]]], measurements: Int
  ) {
    (self.trainLoss, self.trainAccuracy) = (trainLoss, trainAccuracy)
    (self.gradientNorm, self.stepSize) = (gradientNorm, stepSize)
    (self.measured, self.measurements) = (measured, measurements)
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

  /// Adds a measurement.
  package mutating func append(_ measurement: Measurement) {
    for (variable, values) in measurement.variables {
      measured[variable, default: []].append(contentsOf: missing(before: variable))
      measured[variable]?.append(values)
    }
    measurements += 1
  }

  /// Empty rows for the measurements that a variable has missed.
  private func missing(before variable: Variable) -> [[Double]] {
    Array(repeating: [], count: measurements - (measured[variable]?.count ?? 0))
  }

  /// The rows of a variable, one for every measurement.
  package func rows(_ variable: Variable) -> [[Double]] {
    (measured[variable] ?? []) + missing(before: variable)
  }

  /// The first value of every measurement; NaN where there is none.
  package func values(_ variable: Variable) -> [Double] { rows(variable).map { $0.first ?? .nan } }

  /// What was recorded before a step.
  package func prefix(steps count: Int) -> Recording {
    let kept = values(.measuredStep).prefix { $0 < Double(count) }.count
    return Recording(
      trainLoss: Array(trainLoss.prefix(count)), trainAccuracy: Array(trainAccuracy.prefix(count)),
      gradientNorm: Array(gradientNorm.prefix(count)), stepSize: Array(stepSize.prefix(count)),
      measured: measured.mapValues { Array($0.prefix(kept)) }, measurements: kept)
  }

  /// The number of Hessian products of all measurements.
  package var hessianProducts: Int { Int(values(.productsUsed).reduce(0, +)) }
}
