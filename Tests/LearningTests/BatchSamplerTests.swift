import Learning
import Testing

@Suite struct BatchSamplerTests {
  private func indices(_ batch: Batch) -> [Int] {
    guard case .examples(let indices) = batch else { return [] }
    return indices
  }

  @Test func epochIsDrawnWithoutReplacement() {
    var sampler = BatchSampler(examples: 23, batchSize: 5, seed: 1)
    let epochs = (0..<3).map { epoch in (0..<4).flatMap { indices(sampler.batch(at: 4 * epoch + $0)) } }
    for epoch in epochs {
      #expect(Set(epoch).count == 20)
      #expect(epoch.allSatisfy { (0..<23).contains($0) })
    }
    #expect(Set(epochs).count == 3)
  }

  @Test func stepAndSeedAloneDecide() {
    var inOrder = BatchSampler(examples: 50, batchSize: 7, seed: 3)
    let batches = (0..<30).map { inOrder.batch(at: $0) }
    for step in [29, 3, 14, 0] {
      var fresh = BatchSampler(examples: 50, batchSize: 7, seed: 3)
      #expect(fresh.batch(at: step) == batches[step])
      #expect(inOrder.batch(at: step) == batches[step])
    }
    var other = BatchSampler(examples: 50, batchSize: 7, seed: 4)
    #expect(other.batch(at: 0) != batches[0])
  }

  @Test func batchOfAllExamplesIsTheFullBatch() {
    var sampler = BatchSampler(examples: 9, batchSize: 9, seed: 0)
    #expect(sampler.batch(at: 4) == .full)
  }
}
