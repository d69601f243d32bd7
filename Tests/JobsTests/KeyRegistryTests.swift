import Schema
import Testing

@testable import Jobs

@Suite struct KeyRegistryTests {
  @Test func `every default lies in the range of its key`() throws {
    for key in KeyRegistry.keys {
      for value in key.defaults.compactMap(\.value) {
        let node = try #require(JobNode.parse(yaml: "x: \(value.text)", file: "x")["x"])
        #expect(try key.value(of: node) == value, "\(key.path)")
      }
    }
  }

  @Test func `every key stands in a known section and is explained`() {
    for key in KeyRegistry.keys {
      #expect(KeyRegistry.isSection(key.section), "\(key.path)")
      #expect(key.about.hasSuffix("."), "\(key.path)")
    }
    #expect(Set(KeyRegistry.keys.map(\.path)).count == KeyRegistry.keys.count)
  }
}
