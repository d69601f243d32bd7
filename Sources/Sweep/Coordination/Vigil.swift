import Foundation

/// Listens for ranks that fall silent.
///
/// Its clock stands still while rank 0 itself is held up: after a pause of the whole machine nobody is missed.
struct Vigil {
  /// A silence that is told, and one after which a rank counts as lost, in seconds.
  let patience: Double, limit: Double
  private var clock = 0.0
  private var lastLook: Double?
  /// When each rank was heard of last.
  private var heard: [Double]
  private var told: Set<Int> = []

  /// After so many seconds of silence a rank is asked after: 60, or what `EOS_SWEEP_SILENCE_SECONDS` says.
  static let standardPatience: Double = {
    let text = ProcessInfo.processInfo.environment["EOS_SWEEP_SILENCE_SECONDS"]
    return text.flatMap(Double.init).flatMap { $0 > 0 ? $0 : nil } ?? 60
  }()

  /// Every rank lets itself be heard once in so many seconds.
  static let signOfLife = standardPatience / 4

  init(ranks: Int, patience: Double = standardPatience) {
    (self.patience, limit) = (patience, 10 * patience)
    heard = Array(repeating: 0, count: ranks)
  }

  /// Something has come from a rank.
  ///
  /// - Returns: whether its silence had been told.
  mutating func hear(_ rank: Int) -> Bool {
    heard[rank] = clock
    return told.remove(rank) != nil
  }

  /// Seconds since a rank was heard of.
  func silence(of rank: Int) -> Double { clock - heard[rank] }

  /// Looks who of some ranks is silent at a time: for so long that it is to be told now, or so long that it counts as lost.
  mutating func look(at ranks: some Sequence<Int>, now: Double) -> (silent: [Int], lost: [Int]) {
    clock += min(max(now - (lastLook ?? now), 0), patience / 20)
    lastLook = now
    let missing = ranks.filter { silence(of: $0) >= patience }
    let fresh = missing.filter { told.insert($0).inserted }
    return (fresh, missing.filter { silence(of: $0) >= limit })
  }
}
