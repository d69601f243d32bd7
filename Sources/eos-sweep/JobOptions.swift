import ArgumentParser
import Datasets
import Files
import Foundation
import Jobs
import Problems
import Sweep

/// Which sweep a command is about.
struct JobOptions: ParsableArguments {
  @Argument(help: "The job file, - for standard input; without one, the built-in quickstart sweep.")
  var file: String?

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Override a key of the job file, as in --set stop.steps=100; a list becomes an axis of the grid.",
      valueName: "key=value"))
  var overrides: [String] = []

  /// Reads and checks the job.
  func load() throws -> SweepPlan {
    guard let file else { return try SweepPlan.quickstart(overrides: overrides) }
    if let form = Self.override(file), !FileManager.default.fileExists(atPath: file) {
      throw ValidationError(form)
    }
    try UserPath.check(file, of: "the job file")
    return try JobFile.load(path: file, overrides: overrides)
  }

  /// What to write in the place of arguments that other programs take for settings, `learning_rate=0.2`,
  /// `--learning_rate 0.2` and `--lr=0.2`; nil where there is none.
  static func remedy(for arguments: [String]) -> String? {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if ["--set", "-o", "--output", "--only", "--time-limit", "--numeric-level"].contains(argument) {
        rest = rest.dropFirst()
      } else if let dash = argument.unicodeScalars.first, "\u{2010}"..."\u{2015}" ~= dash {
        return "\(argument): it begins with \(dash.codeAndName); write two hyphens, --"
      } else if let form = override(argument) ?? override("\(argument)=\(rest.first ?? "")", isOption: true) {
        return form
      }
    }
    return nil
  }

  private static func override(_ argument: String, isOption: Bool = false) -> String? {
    guard !isOption || argument.hasPrefix("--"), let separator = argument.firstIndex(of: "=") else {
      return nil
    }
    let word = argument[..<separator].drop { "+~-".contains($0) }
    let value = argument[argument.index(after: separator)...]
    guard let form = JobFile.override(String(word), value: value) else { return nil }
    return "\(argument[..<separator]): the keys of a job are set by --set; write \(form)"
  }
}
