/// Commands that a user can paste into a shell.
public enum ShellCommand {
  /// This program as the user called it, so that the shell finds it again.
  public static var program: String {
    guard let path = CommandLine.arguments.first,
      path.split(separator: "/").last?.hasPrefix("eos-sweep") == true
    else { return "eos-sweep" }
    return path
  }

  /// The words as one line, each quoted where a shell would take it for something else.
  public static func line(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }

  /// A path that no program takes for an option.
  public static func path(_ path: String) -> String { path.hasPrefix("-") ? "./" + path : path }

  /// One word, for every POSIX shell.
  public static func quoted(_ word: String) -> String {
    let plain = word.wholeMatch(of: /[A-Za-z0-9_.\/-][A-Za-z0-9_.\/=:,+-]*/) != nil
    return plain
      ? word
      : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
