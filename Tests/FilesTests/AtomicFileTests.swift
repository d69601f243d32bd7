import Files
import Foundation
import Problems
import TestSupport
import Testing

/// A file exists under its name only when it is whole, whoever else writes to it.
@Suite struct AtomicFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func aBodyThatFailsLeavesTheOldFile() throws {
    struct Failure: Error {}
    let path = try folder.write("old", to: "file")
    #expect(throws: Failure.self) {
      try AtomicFile.replace(path) { temporary in
        try "new".write(toFile: temporary, atomically: false, encoding: .utf8)
        throw Failure()
      }
    }
    #expect(try FileContents.read(path) == Array("old".utf8))
    #expect(try folder.names == ["file"])
  }

  @Test func writersNeverShareATemporaryName() throws {
    let path = folder("file")
    try AtomicFile.replace(path) { first in
      try "first".write(toFile: first, atomically: false, encoding: .utf8)
      try AtomicFile.replace(path) { second in
        #expect(second != first)
        try "second".write(toFile: second, atomically: false, encoding: .utf8)
      }
      #expect(try FileContents.read(path) == Array("second".utf8))
    }
    #expect(try FileContents.read(path) == Array("first".utf8))
    #expect(try folder.names == ["file"])
  }

  @Test func theLongestNameOfAFileSystemCanBeWritten() throws {
    let path = folder(String(repeating: "n", count: 255))
    try AtomicFile.write([1, 2, 3], to: path)
    #expect(try FileContents.read(path) == [1, 2, 3])
  }

  @Test func aMissingDirectoryIsNamed() {
    let problem = #expect(throws: Problem.self) { try AtomicFile.write([], to: folder("none/file")) }
    #expect(problem?.subject == folder("none/file"))
    #expect(problem?.sentence == "cannot be written (no such file or directory)")
  }

  @Test func aProblemNamesTheFileThatTheUserKnows() {
    let path = folder("file")
    let problem = #expect(throws: Problem.self) {
      try AtomicFile.replace(path) { throw Problem("\($0):/group", "is wrong", remedy: "mend it") }
    }
    #expect(problem?.subject == "\(path):/group")
  }

  @Test func onlyRegularFilesAreReplaced() throws {
    let manager = FileManager.default
    try manager.createDirectory(atPath: folder("directory"), withIntermediateDirectories: true)
    try manager.createSymbolicLink(atPath: folder("dangling"), withDestinationPath: folder("nothing"))
    let made = unsafe mkfifo(folder("pipe"), 0o600)
    #expect(made == 0)
    for name in ["directory", "dangling", "pipe"] {
      #expect(throws: Problem.self) { try AtomicFile.write([], to: folder(name)) }
    }
    #expect(try folder.names == ["dangling", "directory", "pipe"])
  }

  @Test func aLinkIsFollowed() throws {
    try folder.write("old", to: "file")
    try FileManager.default.createSymbolicLink(atPath: folder("link"), withDestinationPath: "file")
    try AtomicFile.write(Array("new".utf8), to: folder("link"))
    #expect(try FileContents.read(folder("file")) == Array("new".utf8))
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder("link")) == "file")
  }
}
