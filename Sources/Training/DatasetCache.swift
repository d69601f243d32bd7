package import Datasets
package import LinearAlgebra

/// The data sets a rank has loaded; it keeps the latest few, since neighbouring runs mostly share one.
package struct DatasetCache<Scalar: RealScalar> {
  private var loaded: [(configuration: DataConfiguration, dataset: Dataset<Scalar>)] = []
  private let capacity = 2

  /// Creates an empty cache.
  package init() {}

  package mutating func load(_ configuration: DataConfiguration) throws -> Dataset<Scalar> {
    if let hit = loaded.first(where: { $0.configuration == configuration }) { return hit.dataset }
    let dataset = try configuration.load(as: Scalar.self)
    loaded.append((configuration, dataset))
    if loaded.count > capacity { loaded.removeFirst() }
    return dataset
  }
}
