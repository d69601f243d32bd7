import Files
import Foundation
import Problems
import TestSupport
import Testing

@Suite struct DirectoryTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func namesAreListedAndOnlyWhatIsAbsentHasNone() throws {
    for name in ["b", "a", ".hidden"] { try folder.write("", to: name) }
    #expect(try Directory.names(folder.path) == [".hidden", "a", "b"])
    #expect(try Directory.names(folder("nothing")) == nil)
    #expect(throws: Problem.self) { try Directory.names(folder("a")) }
    #expect(throws: Problem.self) { try Directory.names(folder("a/below")) }
  }

  @Test func directoriesAreMadeWithThoseAbove() throws {
    let made = try Directory.make(folder("x//y/z/"))
    #expect(made == [folder("x"), folder("x//y"), folder("x//y/z")])
    #expect(try Directory.make(folder("x/y")) == [])
    try folder.write("", to: "x/y/file")
    Directory.removeEmpty(made)
    #expect(try folder.names == ["x"])
    #expect(try Directory.names(folder("x/y")) == ["file"])
  }

  @Test func aDirectoryThatCannotBeMadeLeavesNoneAbove() throws {
    let name = String(repeating: "n", count: 256)
    let problem = #expect(throws: Problem.self) { try Directory.make(folder("x/y/\(name)")) }
    #expect(problem?.sentence.contains("the name is too long") == true)
    #expect(try folder.names == [])
  }

  @Test func aProbeLeavesNothing() throws {
    try Directory.probe(folder.path)
    #expect(try folder.names == [])
    let problem = #expect(throws: Problem.self) { try Directory.probe(folder("nothing")) }
    #expect(problem?.subject == folder("nothing"))
    // Every write to it meets a full disk.
    #expect(throws: Problem.self) { try AtomicFile.write([1], to: "/dev/full") }
  }

  @Test func aStampChangesWithTheFile() throws {
    let path = try folder.write("one", to: "file")
    let stamp = try #require(try FileStamp.of(path))
    #expect(try FileStamp.of(path) == stamp)
    try AtomicFile.write(Array("two".utf8), to: path)
    #expect(try FileStamp.of(path) != stamp)
    #expect(try FileStamp.of(folder("nothing")) == nil)
  }
}

/// Unfinished files go with their writers.
@Suite struct LeftoversTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func filesOfDeadWritersGoAndOthersStay() throws {
    var ended: Int32 = 0
    try AtomicFile.replace(folder("file")) { temporary in
      let mine = try #require(temporary.split(separator: "/").last).description
      try folder.write("", to: mine)
      // No process has the largest number there is.
      ended = Int32.max
      try folder.write("", to: mine.replacing("-\(getpid())-", with: "-\(ended)-"))
      try folder.write("", to: ".file.elsewhere-\(ended)-1.partial")
      #expect(Set(Leftovers.clear(folder.path)) == [mine, ".file.elsewhere-\(ended)-1.partial"])
    }
    #expect(try folder.names == [".file.elsewhere-\(ended)-1.partial", "file"])
  }

  /// A writer that was killed, and that its parent has not asked for yet, still has its number.
  @Test func aWriterThatEndedCountsAsDeadBeforeItsParentAsksForIt() throws {
    let process = try endedChild()
    defer { waitpid(process, nil, 0) }
    #expect(kill(process, 0) == 0)
    try AtomicFile.replace(folder("file")) { temporary in
      let mine = try #require(temporary.split(separator: "/").last).description
      try folder.write("", to: mine)
      try folder.write("", to: mine.replacing("-\(getpid())-", with: "-\(process)-"))
      #expect(Leftovers.clear(folder.path) == [mine])
    }
  }

  /// A process that has ended, and that this one has not asked for.
  private func endedChild() throws -> pid_t {
    var process: pid_t = 0
    let word = unsafe strdup("/bin/true")
    defer { unsafe free(word) }
    var words = unsafe [word, nil]
    let started = unsafe posix_spawn(&process, "/bin/true", nil, nil, &words, nil)
    try #require(started == 0)
    var information = unsafe siginfo_t()
    // Waits for its end, and leaves it as it is.
    let waited = unsafe waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT)
    try #require(waited == 0)
    return process
  }

  @Test func whatNobodyTouchedForADayGoes() throws {
    let old = try folder.write("", to: "run.h5.partial")
    let result = try folder.write("", to: "run.h5")
    for path in [old, result] {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -90_000)], ofItemAtPath: path)
    }
    #expect(Leftovers.clear(folder.path) == [])
    #expect(try folder.names == ["run.h5"])
  }
}
