internal import Foundation
internal import Glibc
public import Problems

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
  ///
  /// - Throws: a problem when not everything could be written, so that no command claims to have said what it did not.
  public static func print(_ text: String, terminator: String = "\n") throws(Problem) {
    let code = write(text + terminator, to: STDOUT_FILENO)
    if code != 0 { throw Problem("standard output", "cannot be written to", errno: code) }
  }

  /// Writes to standard error.
  ///
  /// A full disk behind a log, or a terminal that is gone, must not end a sweep: nobody is left to be told.
  public static func error(_ text: String, terminator: String = "\n") {
    _ = write(text + terminator, to: STDERR_FILENO)
  }

  /// Writes everything, and waits for a reader that is slow; `errno` where that failed, else 0.
  private static func write(_ text: String, to stream: CInt) -> CInt {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(stream, $0.baseAddress, $0.count) }
      if count >= 0 {
        bytes = bytes.dropFirst(count)
      } else if errno == EAGAIN {
        var entry = pollfd(fd: stream, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&entry, 1, 1000)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
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

  /// Memory, like `312 MiB` and `1.5 GiB`.
  public static func bytes(_ number: Int) -> String {
    let mebibytes = Double(number) / 0x1p20
    if mebibytes < 1024 { return "\(Int(mebibytes.rounded(.up))) MiB" }
    return String(format: "%.1f GiB", mebibytes / 1024)
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
