package import LinearAlgebra
package import Shards

extension SavedState {
  /// Copies what is carried, to be written to a file.
  package init<Scalar: RealScalar>(_ carried: CarriedState<Scalar>, texts: [String: String] = [:]) {
    self.init(numbers: carried.numbers, vectors: carried.vectors.mapValues { Weights($0) }, texts: texts)
  }
}

extension CarriedState {
  /// What a file holds; nil where a vector is not of this precision.
  package init?(_ saved: SavedState) {
    self.init()
    numbers = saved.numbers
    for (name, values) in saved.vectors {
      guard let vector = Vector<Scalar>(values) else { return nil }
      vectors[name] = vector
    }
  }
}

extension Vector {
  fileprivate convenience init?(_ weights: Weights) {
    switch weights {
    case .float(let values):
      guard let values = values as? [Scalar] else { return nil }
      self.init(values)
    case .double(let values):
      guard let values = values as? [Scalar] else { return nil }
      self.init(values)
    }
  }
}

extension Weights {
  /// Copies the weights in their own precision.
  package init<Scalar: RealScalar>(_ weights: Vector<Scalar>) {
    let values = weights.array
    self = (values as? [Float]).map(Weights.float) ?? .double(values.map(Double.init))
  }
}
