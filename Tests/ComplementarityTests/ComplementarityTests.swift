import Complementarity
import LinearAlgebra
import TestSupport
import Testing

@Suite struct ComplementarityTests {
  @Test func nothingIsCriticalWhereTheConstantIsPositive() {
    let problem = ComplementarityProblem(
      constant: DenseMatrix(diagonal: [0, 0.5]), response: DenseMatrix(diagonal: [1, 1, 1]))
    let solution = problem.solve()
    #expect(solution.status == .solved && solution.matrix.norm == 0 && solution.slack == problem.constant)
  }

  @Test(arguments: [(-0.3, 2.0, 0.15), (-1e-9, 1e6, 1e-15), (0.1, 2.0, 0.0)])
  func oneDirectionHasAClosedForm(constant: Double, response: Double, expected: Double) {
    let problem = ComplementarityProblem(
      constant: DenseMatrix(diagonal: [constant]), response: DenseMatrix(diagonal: [response]))
    let solution = problem.solve()
    #expect(solution.status == .solved)
    #expect(abs(solution.matrix[0, 0] - expected) <= 1e-14 * expected)
  }

  /// With `B = c I` the solution is the positive part of `-A / c`.
  @Test(arguments: [1, 2, 3, 5, 9, 14])
  func multiplesOfTheIdentityProject(size: Int) throws {
    var generator = SeededGenerator(seed: UInt64(size))
    let packed = PackedSymmetric(size: size)
    let constant = packed.unpack(generator.vector(packed.count))
    let factor = 0.5
    let solution = ComplementarityProblem(
      constant: constant,
      response: factor * DenseMatrix(diagonal: [Double](repeating: 1, count: packed.count))
    ).solve()
    let expected = try part(of: constant) { max(-$0, 0) / factor }
    #expect(solution.status == .solved && solution.violation < 1e-13)
    #expect((solution.matrix - expected).norm < 1e-12 * (1 + expected.norm))
  }

  /// Problems that are made around a known solution: `X` and `S` on complementary subspaces, `A = S - B[X]`.
  @Test(arguments: [1, 2, 3, 4, 5, 6, 8, 11, 20])
  func randomProblemsHaveTheirKnownSolution(size: Int) throws {
    for seed in 0..<(size < 6 ? 6 : 1) {
      var generator = SeededGenerator(seed: UInt64(100 * size + seed))
      let known = try KnownProblem(size: size, rank: PackedSymmetric(size: size).count, &generator)
      let solution = known.problem.solve()
      #expect(solution.status == .solved)
      #expect((solution.matrix - known.matrix).norm < 1e-10 * (1 + known.matrix.norm))
    }
  }

  /// Where `B` is singular `X` may be undetermined; the slack is not.
  @Test(arguments: [2, 3, 5, 8, 12])
  func singularResponsesDetermineTheSlack(size: Int) throws {
    var generator = SeededGenerator(seed: UInt64(7 * size))
    let known = try KnownProblem(size: size, rank: PackedSymmetric(size: size).count / 2, &generator)
    let solution = known.problem.solve()
    #expect(solution.status == .solved && solution.violation < 1e-8)
    #expect((solution.slack - known.slack).norm < 1e-6 * (1 + known.problem.constant.norm))
  }

  @Test func whatNothingStabilisesHasNoSolution() {
    let zero = ComplementarityProblem(
      constant: DenseMatrix(diagonal: [-1]), response: DenseMatrix(1, 1))
    #expect(zero.solve().status == .unsolvable)
    // The second direction is critical, and only the first one responds.
    let half = ComplementarityProblem(
      constant: DenseMatrix(diagonal: [-1, -1]), response: DenseMatrix(diagonal: [1, 0, 0]))
    #expect(half.solve().status == .unsolvable)
  }

  @Test func indefiniteResponsesAreClippedAndReported() {
    let problem = ComplementarityProblem(
      constant: DenseMatrix(diagonal: [-1, 0.5]), response: DenseMatrix(diagonal: [1, 1, -1e-3]))
    let solution = problem.solve()
    #expect(abs(solution.clipped - 1e-3) < 1e-12)
    #expect(abs(solution.matrix[0, 0] - 1) < 1e-9)
  }

  /// The problem has no scale: `A` and `B` times numbers multiply `X` by their ratio.
  @Test(arguments: [1e-8, 1e-3, 1e5])
  func scalesCarryOver(factor: Double) throws {
    var generator = SeededGenerator(seed: 5)
    let known = try KnownProblem(size: 3, rank: 6, &generator)
    let scaled = ComplementarityProblem(
      constant: factor * known.problem.constant, response: 1 / factor * known.problem.response)
    let solution = scaled.solve()
    let expected = factor * factor * known.matrix
    #expect(solution.status == .solved)
    #expect((solution.matrix - expected).norm < 1e-11 * expected.norm)
  }

  @Test func packedCoordinatesKeepInnerProductsAndCongruences() {
    var generator = SeededGenerator(seed: 11)
    let packed = PackedSymmetric(size: 4)
    let (first, second) = (packed.unpack(generator.vector(10)), packed.unpack(generator.vector(10)))
    let dot = zip(packed.pack(first), packed.pack(second)).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(dot - first.dot(second)) < 1e-14)
    let factor = DenseMatrix(4, 4, generator.vector(16))
    let image = (packed.congruence(factor) * DenseMatrix(10, 1, packed.pack(first))).elements
    #expect((packed.unpack(image) - factor * first * factor.transposed).norm < 1e-13)
  }
}

/// A function of the eigenvalues of a symmetric matrix.
private func part(of matrix: DenseMatrix, _ function: (Double) -> Double) throws -> DenseMatrix {
  let eigen = try #require(matrix.symmetricEigen)
  let vectors = DenseMatrix(matrix.rows, matrix.rows, eigen.vectors)
  return vectors.transposed.scalingColumns(by: eigen.values.map(function)) * vectors
}

/// A problem with its solution.
private struct KnownProblem {
  let problem: ComplementarityProblem
  let matrix: DenseMatrix
  let slack: DenseMatrix

  /// `B` has the given rank.
  init(size: Int, rank: Int, _ generator: inout SeededGenerator) throws {
    let packed = PackedSymmetric(size: size)
    let mixture = packed.unpack(generator.vector(packed.count))
    // The positive and the negative part of a symmetric matrix are complementary.
    matrix = try part(of: mixture) { max($0, 0) }
    slack = try part(of: mixture) { max(-$0, 0) }
    let root = DenseMatrix(rank, packed.count, generator.vector(rank * packed.count))
    let response = root.transposed * root
    let image = (response * DenseMatrix(packed.count, 1, packed.pack(matrix))).elements
    problem = ComplementarityProblem(constant: slack - packed.unpack(image), response: response)
  }
}
