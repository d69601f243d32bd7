internal import Files
public import Problems

/// The names of shards: when their session began, which rank wrote them, and a number, as in
/// `20260131-184502-r003-0001.h5`.
///
/// So no two writers share one, and in the order of the names later sessions come last. Programs up to version 0.1
/// wrote a shard for every run and called it after the run.
public struct ShardName: Sendable {
  private let prefix: String
  private var number = 0

  /// The names that a rank gives in a session.
  ///
  /// - Parameters:
  ///   - startedAt: When the session began, in ISO 8601, the same on all ranks or not.
  ///   - rank: The rank.
  public init(startedAt: String, rank: Int) {
    let digits = startedAt.filter { $0.isNumber }.prefix(14)
    let time = digits + String(repeating: "0", count: 14 - digits.count)
    prefix = "\(time.prefix(8))-\(time.suffix(6))-r\(Self.padded(rank, to: 3))"
  }

  private static func padded(_ number: Int, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  /// A name that no file in the directory has yet.
  ///
  /// - Throws: A `Problem` where the directory may not be looked at.
  public mutating func next(in directory: String) throws(Problem) -> String {
    while true {
      number += 1
      let path = "\(directory)/\(prefix)-\(Self.padded(number, to: 4)).h5"
      if try FileKind.of(path) == .absent { return path }
    }
  }

  /// Whether a file is called after its writer, and not after its run.
  public static func isOfWriter(_ name: String) -> Bool {
    name.wholeMatch(of: /[0-9]{8}-[0-9]{6}-r[0-9]{3,}-[0-9]{4,}\.h5/) != nil
  }

  /// Puts the names of a directory into the order in which later shards supersede earlier ones: first those that are
  /// called after their run, then the others by session.
  public static func sorted(_ names: [String]) -> [String] {
    names.sorted { (isOfWriter($0) ? 1 : 0, $0) < (isOfWriter($1) ? 1 : 0, $1) }
  }
}
