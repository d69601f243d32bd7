import LinearAlgebra
import Testing

@Suite struct SignTests {
  @Test func signsAreFairAndIndependentOfHowTheyAreFilled() {
    let random = Philox(seed: 7, stream: .trace)
    let (whole, parts) = (Vector<Float>(count: 10_000), Vector<Float>(count: 10_000))
    random.fillSigns(whole.all, first: 3)
    random.fillSigns(parts.slice(0..<77), first: 3)
    random.fillSigns(parts.slice(77..<10_000), first: 80)
    #expect(whole.array == parts.array)
    #expect(whole.array.allSatisfy { abs($0) == 1 })
    #expect(abs(whole.array.reduce(0, +)) < 400)
  }
}
