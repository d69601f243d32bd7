import Testing

@testable import Jobs

@Suite struct ConcurrentPartsTests {
  @Test(arguments: [0, 1, 999, 1000, 5003]) func theOrderIsThatOfTheElements(count: Int) {
    let numbers = Array(0..<count)
    #expect(numbers.concurrentParts { $0.map { $0 * $0 } } == numbers.map { $0 * $0 })
  }
}
