import Files
import Foundation
import Problems
import TestSupport
import Testing

@Suite struct UserPathTests {
  @Test(arguments: ["", "~", "~/out", "~other/out", "o\u{FFFD}", "a\0b"])
  func pathsThatMeanSomethingElseAreRefused(path: String) {
    let problem = #expect(throws: Problem.self) { try UserPath.check(path, of: "-o") }
    #expect(problem?.subject == "-o")
  }

  @Test(arguments: [".", "/", "out/", "../out", "./~/out", "a~b", "o 2", "ü", "$HOME/x", "-x"])
  func allOthersAreTakenAsTheyStand(path: String) throws {
    try UserPath.check(path, of: "-o")
  }

  @Test func namesThatNoFileSystemTakesAreRefused() throws {
    let longest = String(repeating: "n", count: 255)
    try UserPath.check("\(longest)/\(longest)", of: "-o")
    #expect(throws: Problem.self) { try UserPath.check("a/\(longest)n", of: "-o") }
    #expect(throws: Problem.self) {
      try UserPath.check(String(repeating: "\(longest)/", count: 17), of: "-o")
    }
  }

  @Test func aDirectoryNeedsOneOrRoomForOne() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "file")
    try FileManager.default.createSymbolicLink(atPath: folder("link"), withDestinationPath: folder("nothing"))
    for path in ["", "new", "new/below/", "../\(folder.path.split(separator: "/").last ?? "")"] {
      try UserPath.checkDirectory(folder(path), of: "-o")
    }
    for path in ["file", "file/", "file/below/more", "link", "link/below"] {
      #expect(throws: Problem.self) { try UserPath.checkDirectory(folder(path), of: "-o") }
    }
  }

  @Test(arguments: [("out//", "out"), ("/", "/"), ("//", "/"), ("a/b", "a/b"), ("", "")])
  func slashesAtTheEndSayNothing(path: String, trimmed: String) {
    #expect(UserPath.trimmed(path) == trimmed)
  }
}

@Suite struct FileKindTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func everyKindIsToldApart() throws {
    let manager = FileManager.default
    try folder.write("", to: "file")
    try manager.createSymbolicLink(atPath: folder("dangling"), withDestinationPath: folder("nothing"))
    try manager.createSymbolicLink(atPath: folder("link"), withDestinationPath: folder("file"))
    #expect(try FileKind.of(folder("nothing")) == .absent)
    #expect(try FileKind.of(folder("file/below")) == .absent)
    #expect(try FileKind.of(folder("file")) == .regular)
    #expect(try FileKind.of(folder("link")) == .regular)
    #expect(try FileKind.of(folder.path) == .directory)
    #expect(try FileKind.of("/dev/null") == .special)
    #expect(try FileKind.of(folder("dangling")) == .danglingLink)
  }

  @Test func aLinkToItselfIsNotTakenForAbsent() throws {
    try FileManager.default.createSymbolicLink(atPath: folder("loop"), withDestinationPath: folder("loop"))
    #expect(throws: Problem.self) { try FileKind.of(folder("loop")) }
    #expect(throws: Problem.self) { try FileContents.readIfPresent(folder("loop")) }
  }

  @Test func onlyWhatIsAbsentIsReadAsNothing() throws {
    #expect(try FileContents.readIfPresent(folder("nothing")) == nil)
    let problem = #expect(throws: Problem.self) { try FileContents.readIfPresent(folder.path) }
    #expect(problem?.sentence == "cannot be read (it is a directory)")
  }
}
