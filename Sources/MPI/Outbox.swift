internal import CMPI

// Messages whose sender does not wait for them: the receiver may be dead, and then a send never ends.

/// The messages of a communicator that are on their way.
final class Outbox {
  private struct Message {
    let bytes: [UInt8]
    let tag: Int
  }

  /// The messages to one destination: those handed to the library, oldest first, and those that wait for their turn.
  private struct Queue {
    var flying: [Transfer] = []
    var waiting: ArraySlice<Message> = []
  }

  private var queues: [Int: Queue] = [:]

  /// The library slows down, and in the end hangs, with thousands of sends that do not end.
  private static let mostFlying = 8

  var isEmpty: Bool { queues.isEmpty }

  func add(_ bytes: [UInt8], to destination: Int, tag: Int) {
    queues[destination, default: Queue()].waiting.append(Message(bytes: bytes, tag: tag))
  }

  /// Hands on what may be handed on, and drops what has arrived.
  func move(_ handle: MPI_Comm) throws(MPIError) {
    for destination in queues.keys { try unsafe move(to: destination, handle) }
  }

  func move(to destination: Int, _ handle: MPI_Comm) throws(MPIError) {
    guard var queue = queues.removeValue(forKey: destination) else { return }
    while let first = queue.flying.first, try first.isComplete() { queue.flying.removeFirst() }
    while queue.flying.count < Self.mostFlying, let message = queue.waiting.popFirst() {
      let transfer = try unsafe Transfer(message.bytes, to: destination, tag: message.tag, handle)
      if try !transfer.isComplete() { queue.flying.append(transfer) }
    }
    if !queue.flying.isEmpty { queues[destination] = queue }
  }

  /// Gives up all that is on its way to a process.
  func forget(_ destination: Int) {
    for transfer in queues.removeValue(forKey: destination)?.flying ?? [] { transfer.abandon() }
  }

  func forgetAll() { for destination in Array(queues.keys) { forget(destination) } }
}

/// One message that the library has, with the memory in which it stands.
@safe private final class Transfer {
  private var request: Request?
  private let memory: UnsafeMutableRawBufferPointer
  private var isAbandoned = false

  init(_ bytes: [UInt8], to destination: Int, tag: Int, _ handle: MPI_Comm) throws(MPIError) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(bytes.count, 1), alignment: 1)
    unsafe memory.copyBytes(from: bytes)
    unsafe self.memory = unsafe memory
    request = try Request("MPI_Isend") {
      unsafe MPI_Isend(
        memory.baseAddress, CInt(bytes.count), CMPI_BYTE(), CInt(destination), CInt(tag), handle, &$0)
    }
  }

  func isComplete() throws(MPIError) -> Bool {
    guard try request?.isComplete() ?? true else { return false }
    request = nil
    return true
  }

  /// The library may still read the memory, which is therefore never freed.
  func abandon() {
    isAbandoned = true
    request.take()?.abandon(isReceive: false)
  }

  deinit { if !isAbandoned { unsafe memory.deallocate() } }
}

extension Communicator {
  /// Sends a control message without waiting for it; `movePosts` moves on what does not leave at once.
  ///
  /// Messages to one destination arrive in the order in which they were posted.
  public borrowing func post(_ message: [UInt8], to destination: Int, tag: Int) throws(MPIError) {
    outbox.add(message, to: destination, tag: tag)
    try unsafe outbox.move(to: destination, handle)
  }

  /// Moves on the messages that were posted; to be called now and then.
  ///
  /// - Returns: whether all have left.
  @discardableResult
  public borrowing func movePosts() throws(MPIError) -> Bool {
    if outbox.isEmpty { return true }
    try unsafe outbox.move(handle)
    return outbox.isEmpty
  }

  /// Gives up what was posted to a process that is dead.
  public borrowing func forgetPosts(to destination: Int) { outbox.forget(destination) }
}
