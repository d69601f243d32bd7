import LinearAlgebra
import Testing

@testable import Learning

/// What is kept between Hessian products changes no bit of them.
@Suite struct ResidualTests {
  private let problem = SmallProblem<Float>(examples: 11, hidden: [5, 4], loss: .crossEntropy, blockSize: 3)

  private func objective(_ memory: Int) throws -> Objective<Float> {
    try problem.objective(residualMemory: memory)
  }

  private func product(_ objective: Objective<Float>, _ batch: Batch = .full) throws -> [Float] {
    let weights = try problem.weights(), product = Vector<Float>(count: weights.count)
    let direction = randomVector(weights.count, seed: 2, as: Float.self)
    try objective.linearize(at: weights, batch: batch).hessianProduct(direction, into: product)
    return product.array
  }

  @Test func recomputedResidualsGiveTheSameBits() throws {
    let all = try objective(.max)
    let expected = try product(all)
    let use = try #require(all.residualUse)
    #expect(use.blocks == 4 && use.keptBlocks == 4)
    var kept: Set<Int> = []
    for memory in Array(stride(from: 0, to: use.byteCount, by: use.byteCount / 20)) + [use.byteCount] {
      let objective = try objective(memory)
      #expect(try product(objective) == expected)
      let use = try #require(objective.residualUse)
      #expect(use.byteCount <= memory || use.keptBlocks == 0)
      kept.insert(use.keptBlocks)
      // The next weights are not those of the last product.
      _ = try objective.linearize(at: randomVector(objective.parameterCount, seed: 3, as: Float.self))
      #expect(try product(objective) == expected)
    }
    #expect(kept.isSuperset(of: [0, 1, 2, 4]))
  }

  @Test(arguments: [0, 500, Int.max], [Batch.full, .examples([9, 2, 4, 4, 0])])
  func theGradientOnTheWayIsTheGradient(memory: Int, batch: Batch) throws {
    let objective = try objective(memory)
    let weights = try problem.weights()
    let alone = Vector<Float>(count: weights.count), shared = Vector<Float>(count: weights.count)
    let expected = try product(objective, batch)
    let loss = try objective.gradient(at: weights, batch: batch, into: alone)
    let elsewhere = randomVector(weights.count, seed: 3, as: Float.self)
    _ = try objective.linearize(at: elsewhere, batch: batch)
    let (linearized, sharedLoss) = try objective.linearize(at: weights, batch: batch, gradient: shared)
    #expect(sharedLoss == loss)
    let along = randomVector(weights.count, seed: 2, as: Float.self),
      image = Vector<Float>(count: weights.count)
    try linearized.hessianProduct(along, into: image)
    #expect(image.array == expected)
    #expect(shared.array == alone.array)
    #expect(try product(objective, batch) == expected)
  }

  /// Of one block, which needs the room anyway.
  @Test func aSingleBlockKeepsItsResiduals() throws {
    var problem = problem
    problem.blockSize = problem.examples
    let objective = try problem.objective(residualMemory: 0)
    _ = try product(objective)
    #expect(try #require(objective.residualUse).keptBlocks == 1)
  }

  @Test func theBudgetIsOneForAllBatches() throws {
    let full = try objective(.max)
    _ = try product(full)
    let room = try #require(full.residualUse).byteCount
    let objective = try objective(room)
    let minibatch = Batch.examples([9, 2, 4, 4, 0])
    let expected = [try product(full), try product(full, minibatch)]
    #expect([try product(objective), try product(objective, minibatch)] == expected)
    let use = try #require(objective.residualUse)
    // All blocks of the full batch, none of the minibatch, for which there is room for one.
    #expect(use.keptBlocks == 4 && use.blocks == 6 && use.byteCount > room)
  }

  /// Linearisations that are needed at once have their own memory, and it is used again.
  @Test func linearisationsDoNotDisturbEachOther() throws {
    let objective = try objective(.max)
    let (weights, elsewhere) = (try problem.weights(), randomVector(40, seed: 4, as: Float.self))
    let other = Vector<Float>(count: weights.count)
    for index in 0..<weights.count { other[index] = elsewhere[index % 40] }
    let along = randomVector(weights.count, seed: 2, as: Float.self),
      image = Vector<Float>(count: weights.count)
    func product(_ linearized: LinearizedObjective<Float>) throws -> [Float] {
      try linearized.hessianProduct(along, into: image)
      return image.array
    }
    let alone = (try product(objective.linearize(at: weights)), try product(objective.linearize(at: other)))
    #expect(try #require(objective.residualUse).blocks == 4)
    do {
      let (first, second) = (try objective.linearize(at: weights), try objective.linearize(at: other))
      #expect(try product(first) == alone.0 && product(second) == alone.1 && product(first) == alone.0)
      #expect(try #require(objective.residualUse).blocks == 8)
    }
    #expect(try product(objective.linearize(at: weights)) == alone.0)
    #expect(try #require(objective.residualUse).blocks == 8)
  }

  @Test func theLossAloneIsThatOfTheGradient() throws {
    let objective = try objective(.max)
    let weights = try problem.weights()
    for batch in [Batch.full, .examples([9, 2, 4, 4, 0])] {
      let gradient = Vector<Float>(count: weights.count)
      #expect(
        try objective.loss(at: weights, batch: batch)
          == objective.gradient(at: weights, batch: batch, into: gradient))
    }
  }

  @Test func anotherMinibatchIsLinearisedAgain() throws {
    let objective = try objective(.max)
    let first = try product(objective, .examples([1, 2, 3, 4]))
    let second = try product(objective, .examples([5, 6, 7, 8]))
    #expect(first != second)
    #expect(try product(objective, .examples([1, 2, 3, 4])) == first)
  }
}
