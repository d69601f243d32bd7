import Conformance
import Foundation
import LinearAlgebra
import Synchronization
import Testing

@testable import Learning

@Suite struct GroupTests {
  /// What every rank of a group computes.
  private func results<Scalar: RealScalar>(
    _ problem: @escaping @Sendable () -> SmallProblem<Scalar>, size: Int
  ) -> [[Double]] {
    ThreadGroup.run(size: size) { (try? Self.everything(problem(), $0)) ?? [.nan] }
  }

  @Test(arguments: [1, 2, 4, 8]) func theSimulatedGroupKeepsWhatEveryGroupPromises(size: Int) {
    let faults = ThreadGroup.run(size: size) { member in
      (try? ReductionConformance.faults(of: member, as: Float.self, count: 37)) ?? ["it throws"]
    }
    #expect(faults.flatMap(\.self) == [])
  }

  @Test func aGroupOfOneKeepsThemToo() throws {
    #expect(try ReductionConformance.faults(of: SoloReduction(), as: Double.self, count: 9) == [])
  }

  /// Losses, gradients and Hessian products over the full batch and a minibatch, and the test loss.
  private static func everything<Scalar: RealScalar>(
    _ problem: SmallProblem<Scalar>, _ group: any GroupReduction
  ) throws -> [Double] {
    // A few blocks have room: of one rank more keep their residuals than of another.
    let objective = try problem.objective(group, residualMemory: 4000)
    let weights = try problem.weights()
    let direction = randomVector(weights.count, seed: 2, as: Scalar.self)
    let result = Vector<Scalar>(count: weights.count)
    var values: [Double] = []
    let part = Array((0..<problem.examples).reversed().prefix(problem.examples * 2 / 3))
    for batch in [Batch.full, .examples(part), .full] {
      let loss = try objective.gradient(at: weights, batch: batch, into: result)
      values += [loss.loss, loss.accuracy ?? -1] + result.array.map { Double($0) }
      try objective.linearize(at: weights, batch: batch).hessianProduct(direction, into: result)
      values += result.array.map { Double($0) }
      direction.add(result)
    }
    // A gradient that leaves residuals, where there is room.
    let linearized = try objective.linearize(at: direction, gradient: result).linearized
    values += result.array.map { Double($0) }
    try linearized.hessianProduct(weights, into: result)
    values += result.array.map { Double($0) }
    let derivatives = (0..<3).map { _ in Vector<Scalar>(count: weights.count) }
    try linearized.thirdDerivatives(
      along: [weights, result], pairs: [(0, 1)], products: Array(derivatives[..<2]),
      thirdDerivatives: [derivatives[2]])
    values += derivatives.flatMap { $0.array.map { Double($0) } }
    let test = try objective.evaluateTest(at: weights)
    return values + [test?.loss ?? -1, test?.accuracy ?? -1]
  }

  private func expectSameBits<Scalar: RealScalar>(
    _ scalar: Scalar.Type, examples: Int, blockSize: Int, sizes: [Int], features: Int = 3,
    hidden: [Int] = [4, 3], convolutional: CNNConfiguration? = nil
  ) {
    let problem: @Sendable () -> SmallProblem<Scalar> = {
      SmallProblem(
        examples: examples, features: features, hidden: hidden, loss: .crossEntropy, blockSize: blockSize,
        convolutional: convolutional)
    }
    let alone = results(problem, size: 1)[0].map(\.bitPattern)
    #expect(alone.count > 100)
    for size in sizes {
      for (rank, values) in results(problem, size: size).enumerated() {
        #expect(values.map(\.bitPattern) == alone, "rank \(rank) of \(size)")
      }
    }
  }

  @Test(arguments: [5, 7, 20]) func groupsOfAnySizeGetTheSameBits(blocks: Int) {
    expectSameBits(Double.self, examples: 3 * blocks - 1, blockSize: 3, sizes: [2, 4])
    expectSameBits(Float.self, examples: 3 * blocks - 1, blockSize: 3, sizes: [2, 4])
  }

  @Test func productsLargeEnoughForTheLibraryGetTheSameBits() {
    expectSameBits(
      Float.self, examples: 331, blockSize: 50, sizes: [2, 4], features: 61, hidden: [70, 33])
  }

  @Test func moreRanksThanBlocksGetTheSameBits() {
    expectSameBits(Float.self, examples: 5, blockSize: 3, sizes: [4, 8])
  }

  @Test(arguments: CNNConfiguration.Pooling.allCases)
  func convolutionalNetworksGetTheSameBits(pooling: CNNConfiguration.Pooling) {
    let network = CNNConfiguration(channels: [7, 9], pooling: pooling, hidden: [5])
    expectSameBits(Float.self, examples: 23, blockSize: 3, sizes: [2, 4], convolutional: network)
    expectSameBits(Double.self, examples: 23, blockSize: 4, sizes: [2, 4], convolutional: network)
  }
}
