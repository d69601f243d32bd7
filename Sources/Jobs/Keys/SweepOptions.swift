// What a job says of the sweep as a whole: nothing of it can change a result, so it is in no run's id.

import Schema

/// The keys of the whole sweep, but for its name.
struct SweepOptions: Configurable {
  /// How many ranks share a run; nil: as the scheduler likes.
  var rankCount: Int?
  /// When runs are saved.
  var checkpoint = CheckpointRule()
  /// GiB for what is kept from one Hessian product to the next.
  var residualMemory = 1.0
  /// The seconds for which runs that ended are gathered before they are written.
  var shardSeconds = 5.0
  /// What becomes of points of the grid that ask for a flow that there is not.
  var withoutFlow = WithoutFlow.refuse

  static let standard = SweepOptions()

  static let bindings: [Binding<SweepOptions>] =
    [
      Binding(
        \.rankCount,
        Key(
          "ranks_per_run", .powerOfTwo(or: ["auto"]), scope: .sweep,
          about:
            "Ranks that share a run. `auto`: one while there are enough runs, more towards the end. Never changes a result."
        ))
    ] + CheckpointRule.bindings.map { Binding(\.checkpoint, $0) } + [
      Binding(
        \.residualMemory,
        Key(
          "residual_memory", .real(.nonNegative), scope: .sweep,
          about:
            "GiB of memory in which a rank keeps, from one Hessian product to the next, what they need of the weights, one block in any case; what does not fit is computed again in every product. Never changes a result."
        )),
      Binding(
        \.shardSeconds,
        Key(
          "shard.seconds", .real(.nonNegative), scope: .sweep,
          about:
            "Seconds of short runs that a kill may cost: runs that ended are gathered so long before they are written, longer where writing takes more than a few percent of the time. Never changes a result."
        )),
      Binding(
        \.withoutFlow,
        Key(
          "flow.unsupported", .choice(of: WithoutFlow.self), scope: .sweep,
          about:
            "Points of the grid for whose optimizer, batches or activation there is no flow are mistakes, or left out."
        )),
    ]

  /// What becomes of points of the grid that ask for a flow that there is not.
  enum WithoutFlow: String, Hashable, Sendable, CaseIterable, SettingValue {
    /// They are mistakes.
    case refuse
    /// They are left out.
    case skip
  }

  /// How many ranks share a run.
  var ranksPerRun: RanksPerRun { rankCount.map(RanksPerRun.fixed) ?? .auto }

  /// The memory in bytes.
  var residualBytes: Int { Int(min(residualMemory, 0x1p32) * 0x1p30) }
}

// MARK: - The name

extension SweepOptions {
  /// All keys of the whole sweep.
  static let allKeys = [nameKey] + keys

  private static let nameKey = Key(
    "name", .text, scope: .sweep,
    about: "Name of the sweep: letters, digits, '.', '_' and '-'. It does not enter run ids.")

  /// File systems end names at 255 bytes; something may have to be added to this one.
  private static let maximumNameLength = 200

  /// The name of the sweep, which is that of a directory; reports what is wrong with it.
  static func name(_ written: PlacedSettings, log: inout ProblemLog) -> String {
    guard case .text(let name) = written["name"] else {
      log.report("it is missing", remedy: "write a name for the sweep", key: "name", at: .whole)
      return ""
    }
    if name.utf8.count > maximumNameLength {
      log.report(
        "it has \(name.utf8.count) letters, more than the name of a directory may have",
        remedy: "write at most \(maximumNameLength)", key: "name", at: written.place("name"))
    } else if name.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9._-]*/) == nil {
      log.report(
        "'\(name)' cannot name a directory",
        remedy: "use letters, digits, '.', '_' and '-', and begin with a letter", key: "name",
        at: written.place("name"))
    }
    return name
  }
}
