public import Problems

/// Whether two sweeps have the same results.
public enum Compare {
  /// Compares two sweep files, or directories of sweeps, run by run.
  ///
  /// Rows of runs that never began count as absent. Bookkeeping (time, machine, products used) is not
  /// compared.
  ///
  /// - Parameters:
  ///   - first: A merged file, a shard, or a directory.
  ///   - second: Another one.
  ///   - tolerance: Reals agree when they differ by at most this part of the larger magnitude; with 0 they
  ///     agree when they have the same bits. NaN agrees with NaN.
  /// - Returns: What differs.
  /// - Throws: A `Problem` where a file cannot be read, or no run has results in both.
  public static func compare(
    _ first: String, _ second: String, tolerance: Double = 0
  ) throws(Problem) -> ComparisonReport {
    precondition(tolerance >= 0, "A tolerance is not negative.")
    var (left, right) = (try RunCollection(first), try RunCollection(second))
    var report = ComparisonReport()
    report.onlyInFirst = left.runs.filter { !right.contains($0) }
    report.onlyInSecond = right.runs.filter { !left.contains($0) }
    for run in left.runs where right.contains(run) {
      report.add(RunComparison(try left.record(run), try right.record(run), tolerance))
    }
    guard report.runsCompared > 0 else {
      throw Problem(
        first, "no run has results both here and in \(second)", remedy: "compare sweeps of one job")
    }
    return report
  }
}

extension Compare {
  /// Where two records of one run differ first in what decides a result; nil where they have the same bits.
  public static func firstDifference(_ first: RunRecord, _ second: RunRecord) -> Difference? {
    RunComparison(first, second, 0).earliest
  }
}

/// Two values of one run that are not the same.
public struct Difference: Sendable, Hashable, CustomStringConvertible {
  /// The run's id.
  public let run: String
  /// The variable's name.
  public let variable: String
  /// The step, where the variable is recorded along the run.
  public let step: Int?
  /// The position along every dimension of the variable after `run`.
  public let position: [Int]
  /// The value in the first sweep, as text.
  public let first: String
  /// The value in the second sweep, as text.
  public let second: String

  /// One line: run, step, variable and both values.
  public var description: String {
    let step = step.map { ", step \($0)" } ?? ""
    let index = position.isEmpty ? "" : "\(position)"
    return "run \(run)\(step): \(variable)\(index) is \(first) in the first, \(second) in the second"
  }
}

/// What a comparison of two sweeps found.
public struct ComparisonReport: Sendable, CustomStringConvertible {
  /// The runs that stand in both.
  public private(set) var runsCompared = 0
  /// The values of these runs that were compared.
  public private(set) var valuesCompared = 0
  /// The runs that stand in the first only.
  public internal(set) var onlyInFirst: [String] = []
  /// The runs that stand in the second only.
  public internal(set) var onlyInSecond: [String] = []
  /// Where the first run that differs does so first: at its earliest step.
  public private(set) var firstDifference: Difference?
  /// How many values differ.
  public private(set) var differingValues = 0
  /// How many runs differ.
  public private(set) var differingRuns = 0

  /// Whether both hold the same runs with the same values.
  public var isEqual: Bool { differingValues == 0 && onlyInFirst.isEmpty && onlyInSecond.isEmpty }

  /// What was found, one sentence a line.
  public var description: String {
    var lines: [String] = []
    if let firstDifference {
      lines = [
        "First difference: \(firstDifference).",
        "\(differingValues) of \(valuesCompared) values differ, in \(differingRuns) of \(runsCompared) runs.",
      ]
    } else {
      lines = ["\(runsCompared) \(runsCompared == 1 ? "run" : "runs") with \(valuesCompared) values agree."]
    }
    for (runs, place) in [(onlyInFirst, "first"), (onlyInSecond, "second")] where !runs.isEmpty {
      lines.append("\(runs.count) runs stand in the \(place) only, such as \(runs[0]).")
    }
    return lines.joined(separator: "\n")
  }

  mutating func add(_ run: RunComparison) {
    runsCompared += 1
    valuesCompared += run.valuesCompared
    differingValues += run.differingValues
    differingRuns += run.differingValues > 0 ? 1 : 0
    firstDifference = firstDifference ?? run.earliest
  }
}
