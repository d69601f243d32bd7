internal import CMPI

// The one reduction rule (DESIGN: objective, blocks): members are the leaves of a binary tree, siblings are
// added, the left one first, and so on upwards:
//
//     ((m0 + m1) + (m2 + m3)) + ((m4 + m5) + (m6 + m7))
//
// At level k a member's partner is the one whose index differs in bit k, and by then each holds the sum of its
// own subtree of 2^k members. So the order of additions is the tree's whatever the length of the vector, and the
// bits of the sum do not depend on how the tree is shared out. Only point to point messages are used: the
// library's own reductions choose their algorithm by size and number of processes.

extension Communicator {
  /// Adds up one vector per member along the canonical binary tree, with the same bits on every member.
  ///
  /// - Parameters:
  ///   - values: This member's vector, as long as everybody's; becomes the sum. Unchanged where an error is thrown.
  ///   - members: The ranks of the members in the order of the tree; a power of two of them, this rank included.
  ///   - tag: Tells these messages from others; a group that gave up a sum must not use its tag again.
  ///   - whileWaiting: Called between polls of waits that last. What it throws ends the sum and is passed on;
  ///     transfers under way are given up. It must not begin another sum.
  /// - Throws: `MPIError`, or what `whileWaiting` throws.
  public borrowing func treeSum<Scalar: MPIScalar>(
    _ values: inout MutableSpan<Scalar>, among members: [Int], tag: Int, whileWaiting: () throws -> Void = {}
  ) throws {
    precondition(members.count > 0 && members.count & (members.count - 1) == 0, "A tree has 2^k members.")
    precondition(values.count <= Int(CInt.max), "A vector has at most 2^31 - 1 elements.")
    guard let index = members.firstIndex(of: rank) else {
      preconditionFailure("Rank \(rank) takes part in a sum among \(members).")
    }
    guard members.count > 1 else { return }
    let count = values.count
    try unsafe values.withUnsafeMutableBytes { bytes in
      let sum = unsafe TreeSum(
        handle: handle, members: members, index: index, tag: CInt(tag), element: Scalar.mpiElement,
        work: scratch.reserve(byteCount: 2 * bytes.count), capacity: bytes.count)
      do {
        try unsafe sum.run(bytes, count: count, whileWaiting)
      } catch {
        scratch.abandon()
        throw error
      }
    }
  }
}

/// One sum, seen by one of its members.
@safe private struct TreeSum {
  let handle: MPI_Comm
  let members: [Int]
  let index: Int
  let tag: CInt
  let element: MPIElement
  /// Where the sum is computed, followed by as much memory for what comes in.
  ///
  /// None of it is the caller's, so transfers that are given up touch nothing that is in use.
  let work: UnsafeMutableRawPointer
  let capacity: Int

  /// Vectors up to this many bytes are exchanged whole, which takes half as many messages.
  private static var shortVector: Int { 16_384 }

  /// What a transfer achieves within a machine: it is worth spinning for as long as that takes.
  private static var bytesPerNanosecond: Int { 8 }

  func run(
    _ values: UnsafeMutableRawBufferPointer, count: Int, _ whileWaiting: () throws -> Void
  ) throws {
    guard let start = values.baseAddress else { return try sumWhole(count: 0, whileWaiting) }
    unsafe work.copyMemory(from: start, byteCount: capacity)
    if capacity <= Self.shortVector {
      try sumWhole(count: count, whileWaiting)
    } else {
      try sumHalves(of: 0..<count, level: 0, whileWaiting)
    }
    unsafe start.copyMemory(from: work, byteCount: capacity)
  }

  /// Recursive doubling: at every level partners exchange all they have.
  private func sumWhole(count: Int, _ whileWaiting: () throws -> Void) throws {
    var distance = 1
    while distance < members.count {
      try unsafe exchange(0..<count, for: 0..<count, at: incoming, with: index ^ distance, whileWaiting)
      unsafe element.add(incoming, to: work, count: count)
      distance *= 2
    }
  }

  /// Recursive halving with doubling distance: each of two partners sums one half of the segment they share, by
  /// way of the levels above, and then they exchange the halves.
  private func sumHalves(
    of segment: Range<Int>, level: Int, _ whileWaiting: () throws -> Void
  ) throws {
    guard 1 << level < members.count else { return }
    let partner = index ^ (1 << level)
    let middle = segment.lowerBound + segment.count / 2
    let halves = [segment.lowerBound..<middle, middle..<segment.upperBound]
    let (kept, given) = index < partner ? (halves[0], halves[1]) : (halves[1], halves[0])
    try unsafe exchange(given, for: kept, at: incoming, with: partner, whileWaiting)
    unsafe element.add(incoming, to: address(kept), count: kept.count)
    try sumHalves(of: kept, level: level + 1, whileWaiting)
    try unsafe exchange(kept, for: given, at: address(given), with: partner, whileWaiting)
  }

  private var incoming: UnsafeMutableRawPointer { unsafe work + capacity }

  private func address(_ segment: Range<Int>) -> UnsafeMutableRawPointer {
    unsafe work + segment.lowerBound * element.stride
  }

  /// Sends one segment to a member and receives another from it.
  private func exchange(
    _ sent: Range<Int>, for received: Range<Int>, at target: UnsafeMutableRawPointer, with partner: Int,
    _ whileWaiting: () throws -> Void
  ) throws {
    let partner = CInt(members[partner])
    var receive = try Request("MPI_Irecv") {
      unsafe MPI_Irecv(target, CInt(received.count), element.datatype, partner, tag, handle, &$0)
    }
    var send = try Request("MPI_Isend") {
      unsafe MPI_Isend(address(sent), CInt(sent.count), element.datatype, partner, tag, handle, &$0)
    }
    do {
      var backoff = PollingBackoff.brief
      backoff.spinning += .nanoseconds(sent.count * element.stride / Self.bytesPerNanosecond)
      while try !(receive.isComplete() && send.isComplete()) {
        if backoff.pause() { try whileWaiting() }
      }
    } catch {
      receive.abandon(isReceive: true)
      send.abandon(isReceive: false)
      throw error
    }
  }
}
