package import Datasets
package import Jobs
package import Learning
package import LinearAlgebra

/// The programs that a rank has compiled; it keeps the latest few, since neighbouring runs mostly train one network.
package final class ProgramCache<Scalar: RealScalar> {
  /// What programs depend on, beside the number of examples.
  private struct Key: Equatable {
    let model: ModelConfiguration
    let loss: Loss
    let features: Int
    let outputs: Int
    let image: ImageShape?
  }

  private var compiled = RecentValues<Key, BlockExecutables<Scalar>>()

  /// Creates an empty cache.
  package init() {}

  /// The programs of a run on its data, made for it or for another run.
  ///
  /// - Throws: what is wrong with the network.
  package func executables(
    _ run: RunConfiguration, on data: Dataset<Scalar>
  ) throws -> BlockExecutables<Scalar> {
    let (features, outputs) = (data.training.features, data.training.outputs)
    let key = Key(
      model: run.model, loss: run.loss, features: features, outputs: outputs, image: data.image)
    return try compiled.value(for: key, bytes: { $0.byteCount }) {
      let model = try run.model.makeModel(features: features, outputs: outputs, image: data.image)
      return BlockExecutables(model: model, loss: run.loss, data: data)
    }
  }
}
