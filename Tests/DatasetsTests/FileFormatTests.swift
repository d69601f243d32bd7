import Testing

@testable import Datasets

@Suite struct FileFormatTests {
  @Test func numbersAreNotTakenForText() {
    #expect(FileFormat(Array(0..<200)) == nil)
    #expect(FileFormat([]) == nil)
    #expect(FileFormat(Array("  <HTML>".utf8))?.name == "a web page")
    #expect(FileFormat(Array("1 2 3\n".utf8))?.name == "a text file")
    #expect(FileFormat([0x80, 2, 0x7D])?.name == "a pickle of Python")
    #expect(FileFormat(Array(repeating: 0, count: 257) + Array("ustar\u{0}".utf8))?.name == "a tar archive")
  }
}
