import Testing

import TensorProgram

@Suite struct TensorTypeTests {
  @Test func countIsTheProductOfTheExtents() {
    #expect(TensorType([3, 4], .float).count == 12)
    #expect(TensorType([], .double).count == 1)
  }
}
