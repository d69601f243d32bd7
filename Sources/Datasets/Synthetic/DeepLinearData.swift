package import LinearAlgebra
package import Problems
package import Schema

/// `X = sqrt(n) Q` with `Q` the orthonormal factor of a Gaussian matrix, `Y = X A^T` with `A` Gaussian ([EoS], deep
/// linear networks).
public struct DeepLinearData: Sendable, Hashable {
  /// The number n of examples, at least `dimension`.
  public var examples: Int
  /// The number d of features and of outputs, 1 or more.
  public var dimension: Int
  /// The seed of the data, independent of the run's seed, 0 or more.
  public var seed: UInt64

  /// Creates the configuration.
  public init(examples: Int = 50, dimension: Int = 50, seed: UInt64 = 0) {
    self.examples = examples
    self.dimension = dimension
    self.seed = seed
  }
}

extension DeepLinearData: DataSource {
  package static let name = "deep-linear"
  package static let standard = DeepLinearData()

  package static let bindings: [Binding<DeepLinearData>] =
    [
      Binding(
        \.dimension, Key("data.dimension", .integer(1...100_000), about: "Features, and outputs.")),
      Binding(\.examples, DataKeys.examples),
      Binding(\.seed, DataKeys.seed),
    ]

  package func foreseen() throws(Problem) -> DatasetSummary? {
    guard examples >= dimension else {
      throw Problem(
        "data.examples", "\(examples) examples cannot be orthogonal in \(dimension) dimensions",
        remedy: "write at least \(dimension)")
    }
    try requireRoom(examples, by: dimension)
    return DatasetSummary(
      examples: examples, features: dimension, outputs: dimension, valueForm: .values)
  }

  package func load<Scalar: RealScalar>(as scalar: Scalar.Type) throws(Problem) -> Dataset<Scalar> {
    try checkRanges()
    _ = try foreseen()
    let scale = Double(examples).squareRoot()
    let columns = orthonormalColumns().map { $0.map { $0 * scale } }
    // Elements of A are drawn after those of the matrix behind X.
    let map = normal(dimension * dimension, first: examples * dimension)
    let inputs = Vector<Scalar>(count: examples * dimension)
    let targets = Vector<Scalar>(count: examples * dimension)
    for example in 0..<examples {
      for row in 0..<dimension {
        let target = (0..<dimension).reduce(0) { $0 + columns[$1][example] * map[row * dimension + $1] }
        inputs[example * dimension + row] = Scalar(columns[row][example])
        targets[example * dimension + row] = Scalar(target)
      }
    }
    let set = Examples(count: examples, inputs: inputs, targets: targets)
    return Dataset(name: Self.name, task: .regression, training: set)
  }

  /// The orthonormal factor of an `[examples, dimension]` Gaussian matrix, by columns: Gram-Schmidt, done twice.
  private func orthonormalColumns() -> [[Double]] {
    let matrix = normal(examples * dimension, first: 0)
    var columns: [[Double]] = []
    for index in 0..<dimension {
      var column = (0..<examples).map { matrix[$0 * dimension + index] }
      for other in columns + columns {
        let overlap = dot(column, other)
        for row in column.indices { column[row] -= overlap * other[row] }
      }
      let norm = dot(column, column).squareRoot()
      columns.append(column.map { $0 / norm })
    }
    return columns
  }

  private func normal(_ count: Int, first: Int) -> Vector<Double> {
    let values = Vector<Double>(count: count)
    Philox(seed: seed, stream: .data).fillNormal(values.all, first: UInt64(first))
    return values
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
}
