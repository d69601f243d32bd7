/// How often runs have lost their group in a session; one that kills its ranks must not kill them all.
struct Attempts {
  /// So often a run is begun again that comes no further.
  static let most = 3
  private var runs: [Int: Losses] = [:]

  private struct Losses {
    var count = 0
    /// The steps at which the run was last seen, and the most at which it was lost.
    var (seen, lost) = (0, -1)
  }

  /// A run, given by its index in the plan, has come to a step.
  mutating func reached(_ steps: Int, of run: Int) {
    let known = runs[run, default: Losses()].seen
    runs[run, default: Losses()].seen = max(known, steps)
  }

  /// The group of a run was lost.
  mutating func lost(_ run: Int) {
    var losses = runs[run, default: Losses()]
    losses.count = losses.seen > losses.lost ? 1 : losses.count + 1
    losses.lost = losses.seen
    runs[run] = losses
  }

  /// Why a run is not begun again; nil where it is.
  func objection(to run: Int) -> String? {
    guard runs[run, default: Losses()].count >= Self.most else { return nil }
    return
      "a rank was lost while it worked on this run, \(Self.most) times at about the same step, so it is not tried again in "
      + "this session; it may be the run that ends its ranks, as when their memory does not suffice (eos-sweep plan says what it needs)"
  }
}
