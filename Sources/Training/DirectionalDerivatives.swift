import HDF5
import Learning
import LinearAlgebra
import Problems

/// Second and third derivatives of the loss along directions: `H u`, and `D^3 L[u, v]` of every two of them.
package struct DirectionalDerivatives {
  /// The number of directions.
  package let count: Int
  /// Pairs of directions, by their indices, the first no larger than the second.
  package let pairs: [(Int, Int)]
  /// `D^3 L[u, v]`, the derivative of `H u` along `v`, of every pair, one vector behind the other.
  private let third: [Double]
  /// `H u` of every direction, and the directions themselves.
  private let products: [Double]
  private let directions: [Double]

  /// Takes the derivatives in one pass.
  ///
  /// - Throws: what the objective throws.
  init<Scalar: RealScalar>(
    of objective: LinearizedObjective<Scalar>, along directions: [Vector<Scalar>]
  ) throws {
    count = directions.count
    pairs = directions.indices.flatMap { first in (first..<directions.count).map { (first, $0) } }
    let products = directions.map { Vector<Scalar>(count: $0.count) }
    let third = pairs.map { _ in Vector<Scalar>(count: objective.dimension) }
    try objective.thirdDerivatives(
      along: directions, pairs: pairs, products: products, thirdDerivatives: third)
    func numbers(_ vectors: [Vector<Scalar>]) -> [Double] { vectors.flatMap { $0.array.map { Double($0) } } }
    self.third = numbers(third)
    self.products = numbers(products)
    self.directions = numbers(directions)
  }

  /// The norm of each `D^3 L[u, v]`, in lines.
  var text: [String] {
    let length = pairs.isEmpty ? 0 : third.count / pairs.count
    return pairs.enumerated().map { index, pair in
      let squares = third[index * length..<(index + 1) * length].reduce(0) { $0 + $1 * $1 }
      return "|D3L[\(pair.0), \(pair.1)]|     \(squares.squareRoot())"
    }
  }

  /// Writes `directions`, `hessian_products`, `pairs` and `third_derivatives`.
  func write(to root: borrowing Group) throws(HDF5Error) {
    guard count > 0 else { return }
    let length = directions.count / count
    try root.createDataset("directions", of: Double.self, shape: [count, length]).write(directions)
    try root.createDataset("hessian_products", of: Double.self, shape: [count, length]).write(products)
    try root.createDataset("pairs", of: Int64.self, shape: [pairs.count, 2])
      .write(pairs.flatMap { [Int64($0.0), Int64($0.1)] })
    try root.createDataset("third_derivatives", of: Double.self, shape: [pairs.count, length]).write(third)
  }
}

/// Along what the third derivatives of an evaluation are taken.
package enum EvaluatedDirections {
  /// None are.
  case none
  /// The eigenvectors that are found.
  case eigenvectors
  /// The rows of the dataset `directions` of a file.
  case file(String)

  private static let option = "--directions"

  /// The directions, as long as the weights.
  ///
  /// - Throws: a problem where a file has none that fit.
  func vectors<Scalar: RealScalar>(
    _ eigenvectors: [Vector<Scalar>], parameters: Int
  ) throws(Problem) -> [Vector<Scalar>] {
    guard case .file(let path) = self else { return isNone ? [] : eigenvectors }
    let (shape, values): ([Int], [Double])
    do throws(HDF5Error) {
      let dataset = try File(opening: path).root.openDataset("directions")
      (shape, values) = (try dataset.shape, try dataset.read(Double.self))
    } catch {
      throw Problem(
        Self.option, "\(path) has no readable dataset 'directions': \(error)",
        remedy: "store them under that name, one row of \(parameters) numbers for each")
    }
    guard (1...2).contains(shape.count), shape.last == parameters, !values.isEmpty else {
      throw Problem(
        Self.option,
        "\(path) holds directions of the shape \(shape), but the model has \(parameters) parameters",
        remedy: "store one row of \(parameters) numbers for each")
    }
    guard values.allSatisfy({ $0.isFinite && !Scalar.overflows($0) }) else {
      throw Problem(
        Self.option, "\(path) holds numbers that are not finite in the job's precision",
        remedy: "store finite ones, or write 'precision: double'")
    }
    return stride(from: 0, to: values.count, by: parameters).map { start in
      Vector(values[start..<start + parameters].map { Scalar($0) })
    }
  }

  private var isNone: Bool { if case .none = self { true } else { false } }
}
