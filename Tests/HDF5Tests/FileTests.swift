import Foundation
import HDF5
import Testing

@Suite struct FileTests {
  @Test func membersAreListedInTheOrderOfTheirCreation() throws {
    try withTemporaryFile { path in
      let file = try File(creating: path)
      for name in ["zeta", "alpha", "mid"] {
        _ = try file.root.createDataset(name, of: Int8.self, shape: [1])
      }
      let group = try file.root.createGroup("group")
      _ = try group.createStringDataset("b", shape: [])
      _ = try group.createStringDataset("a", shape: [])
      #expect(try file.root.memberNames() == ["zeta", "alpha", "mid", "group"])
      #expect(try file.root.openGroup("group").memberNames() == ["b", "a"])
      #expect(try file.root.kind(of: "group") == .group)
      #expect(try file.root.kind(of: "mid") == .dataset)
      #expect(try file.root.contains("alpha"))
      #expect(try !file.root.contains("beta"))
    }
  }

  @Test func equalContentsMakeEqualFiles() throws {
    func write(_ path: String) throws -> Data {
      let file = try File(creating: path)
      let group = try file.root.createGroup("g")
      try group.setAttribute("title", "same")
      let dataset = try group.createDataset("x", of: Float.self, shape: [100], storage: .chunked([10]))
      try dataset.write((0..<100).map { Float($0) })
      _ = consume dataset
      _ = consume group
      try file.close()
      return try Data(contentsOf: URL(filePath: path))
    }
    let first = try withTemporaryFile(write)
    Thread.sleep(forTimeInterval: 1.1)  // times in a file have a resolution of one second
    #expect(try withTemporaryFile(write) == first)
  }

  @Test func anExistingFileIsKeptWhenReplacementIsRefused() throws {
    try withTemporaryFile { path in
      try File(creating: path).close()
      let error = #expect(throws: HDF5Error.self) {
        _ = try File(creating: path, replacement: .refused)
      }
      #expect(error?.reason == "the file exists already")
    }
  }

  @Test func aFileOpenedForReadingCannotBeWritten() throws {
    try withTemporaryFile { path in
      try File(creating: path).close()
      let file = try File(opening: path)
      #expect(throws: HDF5Error.self) { try file.root.setAttribute("x", 1.0) }
    }
  }

  @Test func aFileCanBeExtendedAfterItWasClosed() throws {
    try withTemporaryFile { path in
      try File(creating: path).close()
      let file = try File(opening: path, .readWrite)
      try file.root.setAttribute("x", 1.0)
      try file.close()
      #expect(try File(opening: path).root.attribute("x", as: Double.self) == [1])
    }
  }
}

@Suite struct HDF5ErrorTests {
  private func error(contents: Data?) throws -> HDF5Error? {
    try withTemporaryFile { path in
      try contents?.write(to: URL(filePath: path))
      return #expect(throws: HDF5Error.self) { _ = try File(opening: path) }
    }
  }

  @Test func aMissingFileIsNamedWithTheCause() throws {
    let error = try #require(try error(contents: nil))
    #expect(error.operation == "H5Fopen")
    #expect(error.path.hasSuffix(".h5"))
    #expect(error.reason.contains("no such file"))
    #expect(!error.frames.isEmpty)
  }

  @Test func aFileOfAnotherFormatIsRecognised() throws {
    #expect(try error(contents: Data("name: sweep\n".utf8))?.reason == "this is not an HDF5 file")
    #expect(try error(contents: Data())?.reason == "this is not an HDF5 file")
  }

  @Test func aTruncatedFileIsRecognised() throws {
    let whole = try withTemporaryFile { path in
      let file = try File(creating: path)
      let dataset = try file.root.createDataset("x", of: Double.self, shape: [10_000])
      try dataset.write([Double](repeating: 1, count: 10_000))
      _ = consume dataset
      try file.close()
      return try Data(contentsOf: URL(filePath: path))
    }
    let error = try error(contents: whole.prefix(whole.count / 2))
    #expect(error?.reason.contains("truncated") == true)
  }

  @Test func aFlippedByteInAChunkIsNoticed() throws {
    try withTemporaryFile { path in
      let file = try File(creating: path)
      let dataset = try file.root.createDataset(
        "x", of: Int64.self, shape: [8], storage: .chunked([8], deflate: nil, shuffle: false))
      try dataset.write([Int64](repeating: 0x5A5A_5A5A_5A5A_5A5A, count: 8))
      _ = consume dataset
      try file.close()
      var bytes = try Data(contentsOf: URL(filePath: path))
      let chunk = try #require(bytes.firstRange(of: Data(repeating: 0x5A, count: 64)))
      bytes[chunk.lowerBound + 5] ^= 1
      try bytes.write(to: URL(filePath: path))
      let damaged = try File(opening: path).root.openDataset("x")
      let error = #expect(throws: HDF5Error.self) { try damaged.read(Int64.self) }
      #expect(error?.reason.contains("checksum") == true)
    }
  }

  @Test func aMissingObjectIsNamed() throws {
    try withTemporaryFile { path in
      let file = try File(creating: path)
      let error = #expect(throws: HDF5Error.self) { _ = try file.root.openDataset("weights") }
      #expect(error?.path == path + ":/weights")
    }
  }
}
