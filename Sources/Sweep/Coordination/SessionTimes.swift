import Console

/// What a session knows of time: when it has to save its runs, and how fast its ranks are.
struct SessionTimes {
  /// How long a session that stops waits for its runs to be saved, in seconds; what is not saved by then is left as its
  /// last checkpoint has it.
  ///
  /// SLURM kills 30 s after it has sent TERM, unless it is told otherwise, so that 10 s are left for the merge.
  static let savingTime = 20.0

  /// When runs are saved.
  let horizon: Horizon
  /// How fast its ranks are, by what earlier sessions saw.
  let speeds: Speeds
  /// Who says when the session has to be over.
  let source: String?
  /// What the user should know of it.
  let note: String?
  /// The longest run that ranks have in line, in seconds: not so long that rank 0 is surely heard of meanwhile.
  var longestInLine = 0.1

  /// A session of which so much is known.
  init(horizon: Horizon, speeds: Speeds = Speeds([])) {
    (self.horizon, self.speeds, source, note) = (horizon, speeds, nil, nil)
  }

  /// Plans a session that follows others.
  init(limit: TimeLimit?, after sessions: [Manifest.Session]) {
    speeds = Speeds(sessions)
    guard let limit else {
      (horizon, source, note) = (Horizon(), nil, nil)
      return
    }
    source = limit.source
    let left = limit.left
    let measured = sessions.last { $0.closingSeconds != nil }?.closingSeconds
    let margin = Self.margin(limit: left, measured: measured)
    horizon = Self.horizon(limit: left, margin: margin)
    note =
      "\(limit.source) is in \(Format.duration(max(left, 0))); runs are saved \(Format.duration(margin)) before, "
      + "which is \(measured.map { "enough for the \(Format.duration($0)) that it took last time" } ?? "a first guess")"
  }

  /// What is known of a session that has to be over in `limit` seconds, and stops `margin` before.
  static func horizon(limit: Double, margin: Double) -> Horizon {
    Horizon(deadline: max(limit - margin, 0), minimumTurn: min(1, limit / 20))
  }

  /// The seconds before a limit at which a session stops: twice what saving and merging took the last time, but at least
  /// 30 or the tenth part of the limit, and at most half of it.
  static func margin(limit: Double, measured: Double?) -> Double {
    min(max(min(30, limit / 10), 2 * (measured ?? 0)), limit / 2)
  }
}
