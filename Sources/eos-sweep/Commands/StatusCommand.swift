import ArgumentParser
import Bench
import Console
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
    var status = try SweepStatus(OutputDirectory(given: directory, by: "the directory of a sweep"))
    while true {
      try Terminal.print(status.text)
      guard follow, status.isActive else { return }
      Thread.sleep(forTimeInterval: 2)
      try Terminal.print("")
      try status.refresh()
    }
  }
}
