internal import LinearAlgebra
internal import Spectra

/// The search for the largest eigenvalue of a matrix that changes a little from one measurement to the next.
///
/// It starts from the vectors of the last one, and now and then cold.
struct WarmSearch<Scalar: RealScalar> {
  private let solver: BlockKrylov
  private var subspace: [Vector<Scalar>] = []
  private var searches = 0

  /// Every so many searches one starts cold.
  private static var coldInterval: Int { 20 }

  init(tolerance: Double, maximumProducts: Int) {
    solver = BlockKrylov(count: 1, tolerance: tolerance, maximumProducts: maximumProducts)
  }

  mutating func largest(
    of matrix: any SymmetricOperator<Scalar>, _ random: Philox
  ) throws -> (value: Double, residual: Double) {
    if searches % Self.coldInterval == 0 { subspace = [] }
    searches += 1
    let pairs = try solver.largestEigenpairs(of: matrix, startingFrom: subspace, random: random)
    subspace = pairs.subspace
    return (pairs.values[0], pairs.residuals[0])
  }
}
