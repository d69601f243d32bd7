internal import Foundation
public import Learning
public import LinearAlgebra
internal import Synchronization

/// Groups of ranks simulated by threads, which meet to add up their vectors along the canonical tree.
public enum ThreadGroup {
  /// What every member of a group computes, in the order of their ranks.
  public static func run<Result: Sendable>(
    size: Int, _ body: @escaping @Sendable (ThreadGroupMember) -> Result
  ) -> [Result] {
    let meeting = Meeting(size: size)
    let results = Mutex([Int: Result]())
    for rank in 0..<size {
      let thread = Thread {
        let result = body(ThreadGroupMember(rank: rank, meeting: meeting))
        results.withLock { $0[rank] = result }
      }
      thread.stackSize = 4 << 20
      thread.start()
    }
    while results.withLock({ $0.count < size }) { Thread.sleep(forTimeInterval: 1e-4) }
    return results.withLock { values in (0..<size).compactMap { values[$0] } }
  }
}

/// One member of such a group.
public final class ThreadGroupMember: GroupReduction {
  /// Its place in the group.
  public let rank: Int
  /// Whether it wishes that all leave.
  public private(set) var wishesToLeave = false
  /// Asked after every block for how many there were; answers whether the member wishes to leave from now on.
  public var wish: (_ heartbeats: Int) -> Bool = { _ in false }
  private var heartbeats = 0
  private let meeting: Meeting

  fileprivate init(rank: Int, meeting: Meeting) {
    self.rank = rank
    self.meeting = meeting
  }

  /// The number of members.
  public var size: Int { meeting.size }

  /// Counts the heartbeats.
  public func heartbeat() {
    heartbeats += 1
    if wish(heartbeats) { wishesToLeave = true }
  }

  /// Waits for the others.
  public func sum<Scalar: RealScalar>(_ vector: Vector<Scalar>) {
    let sum = meeting.sum(vector.array.map { Double($0) }, rank: rank, as: Scalar.self)
    for (index, value) in sum.enumerated() { vector[index] = Scalar(value) }
  }
}

private final class Meeting: Sendable {
  private struct State {
    var arrived: [Int: [Double]] = [:]
    var result: [Double] = []
    var round = 0
  }

  let size: Int
  private let state = Mutex(State())

  init(size: Int) { self.size = size }

  func sum<Scalar: RealScalar>(_ values: [Double], rank: Int, as scalar: Scalar.Type) -> [Double] {
    let round = state.withLock { state in
      state.arrived[rank] = values
      let round = state.round
      if state.arrived.count == size {
        state.result = Self.treeSum((0..<size).compactMap { state.arrived[$0] }, as: scalar)
        state.arrived = [:]
        state.round += 1
      }
      return round
    }
    while state.withLock({ $0.round == round }) { Thread.sleep(forTimeInterval: 1e-5) }
    return state.withLock { $0.result }
  }

  private static func treeSum<Scalar: RealScalar>(_ parts: [[Double]], as scalar: Scalar.Type) -> [Double] {
    guard parts.count > 1 else { return parts[0] }
    let pairs = stride(from: 0, to: parts.count, by: 2).map { index in
      zip(parts[index], parts[index + 1]).map { Double(Scalar($0) + Scalar($1)) }
    }
    return treeSum(pairs, as: scalar)
  }
}
