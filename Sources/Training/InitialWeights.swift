import HDF5
import Jobs
import Learning
import LinearAlgebra

/// Where a run's first weights come from: the model's own initialisation, or dataset `weights` of a file.
enum InitialWeights {
  static func make<Scalar: RealScalar>(for run: RunConfiguration, model: any Model) throws -> Vector<Scalar> {
    guard let path = run.initialWeightsFile else {
      let weights = model.initialWeights(seed: UInt64(run.seed), as: Scalar.self)
      guard weights.all.isFinite else {
        throw RunError("model.gains: some initial weights are infinite; write smaller factors")
      }
      return weights
    }
    let values = try read(path, count: model.layout.count)
    if let beyond = values.first(where: Scalar.overflows) {
      throw RunError("init.file: \(path) holds \(beyond), but \(Scalar.rangeText); write 'precision: double'")
    }
    return Vector(values.map { Scalar($0) })
  }

  private static func read(_ path: String, count: Int) throws -> [Double] {
    let values: [Double]
    do {
      let file = try File(opening: path)
      values = try file.root.openDataset("weights").read(Double.self)
    } catch {
      throw RunError("init.file: \(path) has no readable dataset 'weights': \(error)")
    }
    guard values.count == count else {
      throw RunError(
        "init.file: \(path) holds \(values.count) weights, but the model has \(count) parameters; "
          + "use weights written for the same model (keep_weights: final)")
    }
    return values
  }
}

/// A run that cannot be computed, with a sentence that says why.
package struct RunError: Error, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}
