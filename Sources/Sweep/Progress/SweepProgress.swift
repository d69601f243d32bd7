/// Where a session is: what `progress.json` says.
///
/// All but counts and times is left out where it is not known.
public struct SweepProgress: Codable, Sendable, Equatable {
  /// What a session does.
  public enum Phase: String, Codable, Sendable {
    /// It computes runs.
    case computing
    /// It starts nothing any more, and saves what is under way.
    case saving
    /// It is over.
    case ended
  }

  /// What the ranks that compute do.
  public struct Ranks: Codable, Sendable, Equatable {
    var working = 0
    var idle = 0
    /// Ranks that died or do not answer.
    var lost = 0
  }

  /// How many runs of the sweep are where.
  public struct Runs: Codable, Sendable, Equatable {
    var planned = 0
    /// Those of earlier sessions too.
    var done = 0
    /// Those that failed in this session.
    var failed = 0
    var running = 0
    /// Those that this session is still to begin or to go on with.
    var waiting = 0
  }

  /// When the session has to save its runs.
  public struct Deadline: Codable, Sendable, Equatable {
    /// In ISO 8601.
    var time: String
    /// Seconds until then.
    var left: Double
    /// Who says so: `--time-limit`, `the end of the SLURM job`.
    var source: String
    /// Runs under way that will not have ended by then.
    var cuts: Int
  }

  /// A run under way.
  public struct Run: Codable, Sendable, Equatable {
    var id: String
    /// How many ranks share it.
    var ranks: Int
    /// The first of them.
    var first: Int
    var steps: Int
    /// The steps of the whole run.
    var of: Int
    /// The loss of the last step.
    var loss: Double?
    /// The (preconditioned) sharpness over its threshold, as it was measured last.
    var ratio: Double?
    /// The ratios before, oldest first.
    var ratios: [Double]
    /// Seconds that this group has been at it.
    var seconds: Double
    /// Seconds that it still takes.
    var left: Double?
  }

  /// The form of the file.
  var version = 1
  /// When the session began, as `sweep.json` has it.
  public var session = ""
  /// When this was written, in ISO 8601.
  public var time = ""
  /// The machine of rank 0.
  public var host = ""
  /// The process of rank 0 there.
  public var process: Int32 = 0
  /// Seconds between two versions of the file.
  public var interval = 0.0
  /// What the session does.
  public var phase = Phase.computing
  /// The exit status of a session that is over.
  public var exitStatus: Int?
  /// What the ranks do.
  public var ranks = Ranks()
  /// How many runs are where.
  public var runs = Runs()
  /// Steps of all runs in a second, since the session began.
  public var stepsPerSecond = 0.0
  /// Seconds until all that the session is to compute has ended.
  public var left: Double?
  /// When it has to stop before.
  public var deadline: Deadline?
  /// The runs under way that will take longest, the longest first.
  public var running: [Run] = []
  /// How many runs under way are not listed.
  public var unlisted = 0
}
