import LinearAlgebra
import Spectra

/// A dense symmetric matrix in `Double`, applied in any number format.
final class DenseOperator<Scalar: RealScalar>: SymmetricOperator {
  let dimension: Int
  let matrix: [Double]
  var products = 0

  init(_ matrix: [Double], dimension: Int) {
    (self.matrix, self.dimension) = (matrix, dimension)
  }

  func apply(_ x: Vector<Scalar>, into y: Vector<Scalar>) {
    products += 1
    let x = x.array.map(Double.init)
    for i in 0..<dimension {
      var sum = 0.0
      for j in 0..<dimension { sum += matrix[i * dimension + j] * x[j] }
      y[i] = Scalar(sum)
    }
  }

  /// `||A x - theta x|| / ||x||`, from scratch in `Double`.
  func residual(_ x: Vector<Scalar>, _ theta: Double) -> Double {
    let exact = Vector(x.array.map(Double.init))
    let image = Vector<Double>(count: dimension)
    DenseOperator<Double>(matrix, dimension: dimension).apply(exact, into: image)
    image.add(exact, scaledBy: -theta)
    return image.norm / exact.norm
  }
}

/// A diagonal matrix, whose spectrum is plain to see and whose eigenvectors are the unit vectors.
final class DiagonalOperator<Scalar: RealScalar>: SymmetricOperator {
  let diagonal: Vector<Scalar>
  var products = 0

  init(_ diagonal: [Double]) { self.diagonal = Vector(diagonal.map(Scalar.init)) }

  var dimension: Int { diagonal.count }

  func apply(_ x: Vector<Scalar>, into y: Vector<Scalar>) {
    products += 1
    y.copy(from: x)
    y.multiply(by: diagonal)
  }
}

/// A random number generator for one test.
func probe(_ seed: UInt64, _ search: Int = 0) -> Philox {
  Philox(seed: seed, stream: .probes, substream: UInt32(search))
}

/// A symmetric matrix with the given eigenvalues and the eigenvectors of a random one.
func randomMatrix(eigenvalues: [Double], seed: UInt64) -> [Double] {
  let n = eigenvalues.count
  let random = Philox(seed: seed, stream: .data)
  var matrix = [Double](repeating: 0, count: n * n)
  for i in 0..<n {
    for j in 0...i {
      matrix[i * n + j] = random.normal(UInt64(i * n + j))
      matrix[j * n + i] = matrix[i * n + j]
    }
  }
  guard let basis = SymmetricEigen(matrix, dimension: n) else { return [] }
  matrix = [Double](repeating: 0, count: n * n)
  for (k, eigenvalue) in eigenvalues.enumerated() {
    let q = Array(basis.vector(k))
    for i in 0..<n {
      for j in 0..<n { matrix[i * n + j] += eigenvalue * q[i] * q[j] }
    }
  }
  return matrix
}
