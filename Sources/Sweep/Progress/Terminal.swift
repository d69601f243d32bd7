import Foundation
import Glibc

/// Writes to the two standard streams without buffering.
public enum Terminal {
  /// Whether a person reads standard error on a terminal, directly or through mpirun.
  public static var isInteractive: Bool { isatty(STDERR_FILENO) == 1 || launcherIsOnTerminal }

  /// mpirun gives its processes pipes and copies what they write to its own standard error.
  private static var launcherIsOnTerminal: Bool {
    guard ProcessInfo.processInfo.environment["OMPI_COMM_WORLD_SIZE"] != nil else { return false }
    let link = "/proc/\(getppid())/fd/\(STDERR_FILENO)"
    let target = (try? FileManager.default.destinationOfSymbolicLink(atPath: link)) ?? ""
    return target.hasPrefix("/dev/pts/") || target.hasPrefix("/dev/tty")
  }

  /// Writes to standard output.
  public static func print(_ text: String, terminator: String = "\n") {
    write(text + terminator, to: .standardOutput)
  }

  /// Writes to standard error.
  public static func error(_ text: String, terminator: String = "\n") {
    write(text + terminator, to: .standardError)
  }

  /// A full disk behind a log, or a terminal that is gone, must not end a sweep.
  private static func write(_ text: String, to stream: FileHandle) {
    try? stream.write(contentsOf: Data(text.utf8))
  }
}

/// Numbers as people read them.
public enum Format {
  /// Seconds as `0.4 s`, `12 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0 else { return "an unknown time" }
    if seconds < 9.95 { return String(format: "%.1f s", seconds) }
    let whole = Int(seconds.rounded())
    switch whole {
    case ..<60: return "\(whole) s"
    case ..<3600: return "\(whole / 60) min \(whole % 60) s"
    case ..<86400: return "\(whole / 3600) h \(whole % 3600 / 60) min"
    default: return "\(whole / 86400) d \(whole % 86400 / 3600) h"
    }
  }

  /// A count with thousands separated: `41,203`.
  public static func count(_ value: Double) -> String {
    guard value.isFinite else { return "-" }
    let digits = String(Int(abs(value).rounded()))
    var groups: [Substring] = []
    var end = digits.endIndex
    while end > digits.startIndex {
      let start = digits.index(end, offsetBy: -3, limitedBy: digits.startIndex) ?? digits.startIndex
      groups.insert(digits[start..<end], at: 0)
      end = start
    }
    return (value < 0 ? "-" : "") + groups.joined(separator: ",")
  }

  /// A number of things: `1 run`, `1,200 runs`.
  public static func plural(_ number: Int, _ noun: String) -> String {
    "\(count(Double(number))) \(noun)\(number == 1 ? "" : "s")"
  }
}
