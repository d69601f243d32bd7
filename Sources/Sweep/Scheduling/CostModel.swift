import Foundation

/// What work costs in time, from a first guess and from what was seen since.
///
/// A run's cost is what its configuration tells, times what one rank takes for cost 1 in runs of its kind: the kind's own
/// speed where it was seen, else that of all. Kinds are numbers from 0. Costs are turned into seconds with the rates as they
/// were at the last `settle`, so that they can be added and sorted; how wrong these were since is one factor for all.
struct CostModel: Sendable {
  /// Work that was done and the seconds of one rank that it took.
  private struct Rate {
    var cost: Double
    var seconds: Double

    /// Nothing seen: a guess counts as much as half a second of one rank.
    init(guess: Double) { (cost, seconds) = (0.5 / guess, 0.5) }
    init() { (cost, seconds) = (0, 0) }

    var secondsPerCost: Double { seconds / cost }

    mutating func add(_ cost: Double, _ seconds: Double) {
      self.cost += cost
      self.seconds += seconds
    }
  }

  /// One kind of run.
  private struct Kind {
    var seen = Rate()
    /// What stood in the place of its rate at the last `settle`.
    var settled: Double
    /// By how much a group falls short of twice the speed when it is doubled: 0 not at all, 1 it becomes no faster.
    var loss = CostModel.usualLoss
  }

  private var all: Rate
  private var kinds: [Kind]
  private var drift = Rate(guess: 1)
  /// Seconds from the order to save a run until its group is free.
  private(set) var saving = 0.25
  /// Seconds from the order to start a run until it is under way.
  private(set) var starting: Double

  /// What doubling a group is thought to lose until it was seen.
  private static let usualLoss = 0.05
  /// A speed counts once it was seen for so many seconds of one rank, so that preparation does not.
  private static let representative = 2.0
  /// What earlier sessions saw of a kind counts as much as this many seconds.
  private static let weightOfPast = 5.0
  /// Rates that differ by less are as good as equal.
  private static let tolerance = 1.1

  /// Creates a model of what one rank takes for cost 1, of the same for every kind as far as earlier sessions saw it, and of
  /// the seconds from the order to start a run until it is under way.
  init(secondsPerCost: Double, known: [Double?] = [nil], starting: Double = 0.5) {
    self.starting = starting
    all = Rate(guess: secondsPerCost)
    kinds = known.map { known in
      var kind = Kind(settled: known ?? secondsPerCost)
      if let known { kind.seen = Rate(guess: known) }
      if let known { kind.seen.add((Self.weightOfPast - 0.5) / known, Self.weightOfPast - 0.5) }
      return kind
    }
  }

  /// What one rank takes for work of cost 1, over all kinds.
  var secondsPerCost: Double { all.secondsPerCost }

  /// What one rank takes for work of cost 1 of a kind; nil where too little was seen of it.
  func secondsPerCost(ofKind kind: Int) -> Double? {
    let seen = kinds[kind].seen
    return seen.seconds < Self.representative ? nil : seen.secondsPerCost
  }

  /// The settled seconds for cost 1 of a kind.
  func rate(_ kind: Int) -> Double { kinds[kind].settled }

  /// What one rank takes for some work, given in settled seconds.
  func seconds(_ work: Double) -> Double { work * drift.secondsPerCost }

  /// Learns from work that was done, given in settled seconds.
  ///
  /// - Returns: whether the kind is not as fast as it is taken for, so that it is time to `settle`.
  mutating func learn(_ work: Double, kind: Int, seconds: Double) -> Bool {
    guard work > 0, seconds > 0 else { return false }
    drift.add(work, seconds)
    kinds[kind].seen.add(work / kinds[kind].settled, seconds)
    all.add(work / kinds[kind].settled, seconds)
    guard kinds.count > 1, let rate = secondsPerCost(ofKind: kind) else { return false }
    let error = rate / (kinds[kind].settled * drift.secondsPerCost)
    return max(error, 1 / error) > Self.tolerance
  }

  /// Takes every kind for as fast as it was seen to be.
  ///
  /// - Returns: by how much the settled seconds of each kind have changed.
  mutating func settle() -> [Double] {
    drift = Rate(guess: 1)
    return kinds.indices.map { kind in
      var seen = Rate(guess: all.secondsPerCost)
      seen.add(kinds[kind].seen.cost, kinds[kind].seen.seconds)
      defer { kinds[kind].settled = seen.secondsPerCost }
      return seen.secondsPerCost / kinds[kind].settled
    }
  }

  /// The fraction of some work that is left, judged by how long the rest of it took on one rank.
  func work(ofWhole work: Double, left: Double, after seconds: Double) -> Double {
    guard left < 1, seconds >= Self.representative else { return work * left }
    return seconds / (1 - left) / drift.secondsPerCost * left
  }
}

// MARK: - Groups

extension CostModel {
  /// How much faster a run of some kind is on twice as many ranks.
  func gain(_ kind: Int) -> Double { exp2(1 - kinds[kind].loss) }

  /// How much faster a group of some ranks, a power of two, is than one.
  func speed(_ size: Int, _ kind: Int) -> Double {
    size == 1 ? 1 : exp2((1 - kinds[kind].loss) * Double(size.trailingZeroBitCount))
  }

  /// Seconds of a group that it costs to save its run and to go on with it in another.
  var restart: Double { saving + starting }

  /// Learns from a run that went `ratio` times as fast in a group with `2^doublings` times as many ranks.
  mutating func learnGain(_ kind: Int, ratio: Double, doublings: Double) {
    let loss = min(max(1 - log2(ratio) / doublings, 0), 2)
    kinds[kind].loss += (loss - kinds[kind].loss) / 4
  }

  /// Learns how long it took to save a run.
  mutating func learnSaving(_ seconds: Double) { saving = 0.75 * saving + 0.25 * max(seconds, 0) }

  /// Learns how long it took to start one.
  mutating func learnStarting(_ seconds: Double) { starting = 0.75 * starting + 0.25 * max(seconds, 0) }
}
