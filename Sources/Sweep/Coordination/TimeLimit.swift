internal import Foundation
public import Problems

/// When a session has to be over.
public struct TimeLimit: Sendable, Equatable {
  /// The moment by which everything is saved, merged and over.
  let end: Date
  /// Who says so: `--time-limit`, `the end of the SLURM job`.
  let source: String

  /// A limit of some seconds from now.
  public init(seconds: Double, source: String) {
    end = Date.now + seconds
    self.source = source
  }

  /// Seconds that are left.
  var left: Double { end.timeIntervalSinceNow }

  /// The earlier one of what the user asks for and of the end of the SLURM job that the process stands in; nil where
  /// there is neither.
  ///
  /// - Parameters:
  ///   - seconds: what the user asks for, from now on.
  ///   - environment: the variables of the process.
  /// - Returns: the limit.
  public static func find(_ seconds: Double?, environment: [String: String]) -> TimeLimit? {
    let asked = seconds.map { TimeLimit(seconds: $0, source: "--time-limit") }
    let end = environment["SLURM_JOB_END_TIME"].flatMap(Double.init).map {
      $0 - Date.now.timeIntervalSince1970
    }
    // One that is over is another job's, left behind in the environment.
    let job = end.flatMap { $0 > 0 ? TimeLimit(seconds: $0, source: "the end of the SLURM job") : nil }
    return [asked, job].compactMap { $0 }.min { $0.end < $1.end }
  }

  /// The seconds that a text means: `30m`, `2h`, `90s`, `1d`, `HH:MM:SS`, `D-HH:MM:SS`, or a number of minutes.
  ///
  /// - Throws: A problem of `subject`, the option that the text was given to.
  public static func seconds(_ text: String, of subject: String) throws(Problem) -> Double {
    guard let seconds = quantity(text) ?? clock(text), seconds > 0, seconds <= 1e9 else {
      throw Problem(
        "\(subject) \(text)", "is not a time above 0",
        remedy: "write 30m, 2h, 90s, a number of minutes, or HH:MM:SS as in 12:00:00")
    }
    return seconds
  }

  private static func quantity(_ text: String) -> Double? {
    guard let match = text.wholeMatch(of: /([0-9]+(?:\.[0-9]+)?)\s*(s|m|min|h|d)?/) else { return nil }
    let units = ["s": 1.0, "m": 60, "min": 60, "h": 3600, "d": 86400]
    return Double(match.1).map { $0 * (match.2.flatMap { units[String($0)] } ?? 60) }
  }

  private static func clock(_ text: String) -> Double? {
    guard let match = text.wholeMatch(of: /(?:([0-9]+)-)?([0-9]{1,3}):([0-5][0-9]):([0-5][0-9])/) else {
      return nil
    }
    let parts = [match.1 ?? "0", match.2, match.3, match.4].map { Double($0) ?? 0 }
    return parts[0] * 86400 + parts[1] * 3600 + parts[2] * 60 + parts[3]
  }
}
