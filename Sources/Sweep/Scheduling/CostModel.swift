/// What work costs in time: one figure for all runs, from what was seen of them.
struct CostModel: Sendable {
  private var cost: Double
  private var rankSeconds: Double

  /// The first guess counts as much as this many seconds of one rank.
  private static let weightOfGuess = 0.5
  /// A run's own speed counts once it was seen for so many seconds of one rank, so that its preparation does not.
  private static let representative = 2.0

  init(secondsPerCost: Double) {
    rankSeconds = Self.weightOfGuess
    cost = Self.weightOfGuess / secondsPerCost
  }

  /// What one rank takes for work of cost 1.
  var secondsPerCost: Double { rankSeconds / cost }

  /// What one rank takes for some work.
  func seconds(_ cost: Double) -> Double { cost * secondsPerCost }

  /// Learns from work that was done.
  mutating func learn(cost: Double, rankSeconds: Double) {
    guard cost > 0, rankSeconds > 0 else { return }
    self.cost += cost
    self.rankSeconds += rankSeconds
  }

  /// The cost of the fraction of some work that is left, judged by how long the rest of it took.
  func cost(ofWhole cost: Double, left: Double, after rankSeconds: Double) -> Double {
    guard left < 1, rankSeconds >= Self.representative else { return cost * left }
    let seen = rankSeconds / (1 - left) / secondsPerCost
    return seen * left
  }
}
