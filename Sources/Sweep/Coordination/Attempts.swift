/// How often runs have lost their group in a session; one that kills its ranks must not kill them all.
struct Attempts {
  /// So often a run is begun again.
  static let most = 3
  private var losses: [Int: Int] = [:]

  /// The group of a run, given by its index in the plan, was lost.
  mutating func lost(_ run: Int) { losses[run, default: 0] += 1 }

  /// Why a run is not begun again; nil where it is.
  func objection(to run: Int) -> String? {
    guard losses[run, default: 0] >= Self.most else { return nil }
    return
      "a rank was lost while it worked on this run, \(Self.most) times, so it is not tried again in this session; "
      + "it may be the run that ends its ranks, as when their memory does not suffice (eos-sweep plan says what it needs)"
  }
}
