import ArgumentParser
import Console
import Files
import Foundation
import Sweep

/// The command `eos-sweep status DIR [--follow]`.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Say how far a sweep is, from its files only.",
    discussion: """
      With --follow a terminal shows a page that is redrawn until the session ends; elsewhere a line is written whenever \
      something has changed. It can be followed from any machine that sees the directory.
      """)

  @Argument(help: "The directory of a sweep.")
  var directory: String

  @Flag(name: [.short, .long], help: "Go on until no process works on the sweep.")
  var follow = false

  @Flag(
    help: "For scripts: print one line and end with the status of the last session, 75 where work is left.")
  var exitStatus = false

  private static let seconds = 1.0
  private static let plainSeconds = 5.0

  func run() throws {
    let files = try OutputDirectory(given: directory, by: "the directory of a sweep")
    if !exitStatus, let job = Slurm.job(of: files) {
      try Terminal.print(job)
      // Before its first start there is nothing else to be said.
      if try FileKind.of(files.manifestFile) == .absent { return }
    }
    var status = try SweepStatus(files)
    if exitStatus {
      try Terminal.print(status.line)
      throw ExitCode(Int32(status.exitStatus))
    }
    if follow && status.isActive {
      if TerminalScreen.isThere {
        guard try watch(&status) else { throw ExitCode(130) }
      } else {
        try log(&status)
      }
    }
    let form = TerminalScreen.form
    let page = StatusPage(status, PageForm(isColoured: form.isColoured))
    try Terminal.print(page.lines.joined(separator: "\n"))
  }

  /// Redraws the page until no session is at work.
  ///
  /// - Returns: false where the user left before.
  private func watch(_ status: inout SweepStatus) throws -> Bool {
    let screen = try TerminalScreen()
    while status.isActive {
      try screen.show(StatusPage(status, TerminalScreen.form).lines)
      guard try screen.pause(seconds: Self.seconds) == .goOn else { return false }
      try status.refresh()
    }
    return true
  }

  /// Writes a line whenever it has changed until no session is at work.
  private func log(_ status: inout SweepStatus) throws {
    var last = ""
    while status.isActive {
      let line = StatusPage(status).headline
      if line != last { try Terminal.print(line) }
      last = line
      Thread.sleep(forTimeInterval: Self.plainSeconds)
      try status.refresh()
    }
  }
}
