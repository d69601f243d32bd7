import Foundation
import Testing

@testable import Console

@Suite struct ShellCommandTests {
  /// The shell itself is asked what it takes a quoted word for.
  @Test(arguments: [
    "plain", "", "a b", "it's", "''", "\"", "$HOME", "`id`", "*", "~", "#", "a;b", "a&b", "tab\tx",
    "line\nfeed\n",
    "\\", "!", "ü", "-x", "=x", "a=b", "[1, 2]", "{a: 1}", "x\u{7F}",
  ])
  func theShellTakesAQuotedWordAsItIs(word: String) throws {
    let shell = Process(), pipe = Pipe()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", "printf '%s|' \(ShellCommand.line([word, "next"]))"]
    shell.standardOutput = pipe
    try shell.run()
    let printed = try pipe.fileHandleForReading.readToEnd() ?? Data()
    shell.waitUntilExit()
    #expect(String(decoding: printed, as: UTF8.self) == "\(word)|next|")
  }

  @Test func plainWordsStayAsTheyAre() {
    #expect(
      ShellCommand.line(["eos-sweep", "run", "jobs/a-b_c.yaml", "--set", "seed=1"])
        == "eos-sweep run jobs/a-b_c.yaml --set seed=1")
  }

  @Test func noPathIsTakenForAnOption() {
    #expect(ShellCommand.path("-x/y") == "./-x/y")
    #expect(ShellCommand.path("x-y") == "x-y")
  }
}
