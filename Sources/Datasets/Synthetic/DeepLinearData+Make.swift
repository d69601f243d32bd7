import LinearAlgebra
import Problems

extension DeepLinearData {
  func make<Scalar: RealScalar>(as scalar: Scalar.Type) throws(Problem) -> Dataset<Scalar> {
    try Problem.require(dimension >= 1, "data.dimension", "is \(dimension)", remedy: "give 1 or more")
    try Problem.require(
      examples >= dimension, "data.examples", "is \(examples), fewer than the dimension \(dimension)",
      remedy: "give at least as many, so that the inputs can be whitened")
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
    return Dataset(name: "deep-linear", task: .regression, training: set)
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
