import Datasets
import Conformance
import Foundation
import LinearAlgebra
import Synchronization
import Testing

@testable import Learning

/// Ranks simulated by threads, which meet to add up their vectors along the canonical tree.
private final class Meeting: Sendable {
  private struct State {
    var arrived: [Int: [Double]] = [:]
    var result: [Double] = []
    var round = 0
  }

  let size: Int
  private let state = Mutex(State())

  init(size: Int) { self.size = size }

  func sum<Scalar: RealScalar>(_ values: [Double], rank: Int, as scalar: Scalar.Type) -> [Double] {
    let round = state.withLock { state in
      state.arrived[rank] = values
      let round = state.round
      if state.arrived.count == size {
        state.result = Self.treeSum((0..<size).compactMap { state.arrived[$0] }, as: scalar)
        state.arrived = [:]
        state.round += 1
      }
      return round
    }
    while state.withLock({ $0.round == round }) { Thread.sleep(forTimeInterval: 1e-5) }
    return state.withLock { $0.result }
  }

  private static func treeSum<Scalar: RealScalar>(_ parts: [[Double]], as scalar: Scalar.Type) -> [Double] {
    guard parts.count > 1 else { return parts[0] }
    let pairs = stride(from: 0, to: parts.count, by: 2).map { index in
      zip(parts[index], parts[index + 1]).map { Double(Scalar($0) + Scalar($1)) }
    }
    return treeSum(pairs, as: scalar)
  }
}

private final class Member: GroupReduction {
  let rank: Int
  let meeting: Meeting

  init(rank: Int, meeting: Meeting) {
    self.rank = rank
    self.meeting = meeting
  }

  var size: Int { meeting.size }

  func sum<Scalar: RealScalar>(_ vector: Vector<Scalar>) {
    let sum = meeting.sum(vector.array.map { Double($0) }, rank: rank, as: Scalar.self)
    for (index, value) in sum.enumerated() { vector[index] = Scalar(value) }
  }
}

@Suite struct GroupTests {
  /// What every rank of a group computes.
  private func results<Scalar: RealScalar>(
    _ problem: @escaping @Sendable () -> SmallProblem<Scalar>, size: Int
  ) -> [[Double]] {
    let meeting = Meeting(size: size)
    let results = Mutex([Int: [Double]]())
    for rank in 0..<size {
      Thread {
        let member = Member(rank: rank, meeting: meeting)
        let values = (try? Self.everything(problem(), member)) ?? [.nan]
        results.withLock { $0[rank] = values }
      }.start()
    }
    while results.withLock({ $0.count < size }) { Thread.sleep(forTimeInterval: 1e-4) }
    return results.withLock { values in (0..<size).compactMap { values[$0] } }
  }

  @Test(arguments: [1, 2, 4, 8]) func theSimulatedGroupKeepsWhatEveryGroupPromises(size: Int) {
    let meeting = Meeting(size: size)
    let faults = Mutex([Int: [String]]())
    for rank in 0..<size {
      Thread {
        let member = Member(rank: rank, meeting: meeting)
        let found = try? ReductionConformance.faults(of: member, as: Float.self, count: 37)
        faults.withLock { $0[rank] = found ?? ["it throws"] }
      }.start()
    }
    while faults.withLock({ $0.count < size }) { Thread.sleep(forTimeInterval: 1e-4) }
    #expect(faults.withLock { $0.values.flatMap(\.self) } == [])
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
      try objective.linearize(at: weights, batch: batch)
      try objective.hessianProduct(direction, into: result)
      values += result.array.map { Double($0) }
      direction.add(result)
    }
    // A gradient that leaves residuals, where there is room.
    _ = try objective.gradient(at: direction, into: result, linearizing: true)
    values += result.array.map { Double($0) }
    try objective.hessianProduct(weights, into: result)
    values += result.array.map { Double($0) }
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
