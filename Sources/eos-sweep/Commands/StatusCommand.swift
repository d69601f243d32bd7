import ArgumentParser
import Foundation
import Sweep

/// The command `eos-sweep status DIR [--follow]`.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Say how far a sweep is, from its files only.")

  @Argument(help: "The directory of a sweep.")
  var directory: String

  @Flag(name: [.short, .long], help: "Repeat every two seconds until no process works on the sweep.")
  var follow = false

  func run() throws {
    let directory = OutputDirectory(directory)
    while true {
      let status = try SweepStatus(directory)
      try Terminal.print(status.text)
      guard follow, status.isActive else { return }
      Thread.sleep(forTimeInterval: 2)
      try Terminal.print("")
    }
  }
}
