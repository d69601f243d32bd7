internal import Glibc

/// Memory that processes of one machine share: things that one of them has made and the others read.
///
/// It is a file without a name, so that nothing is left behind, however the processes end. A table at its beginning says
/// which thing lies in which slot. A byte of the file is the lock of the table, which is held for moments; another one is
/// that of each slot: whoever makes its contents holds it alone, whoever reads them shares it. Locks die with their
/// holders. So what is half made and has no maker any more is made again, and what nobody reads any more can be freed.
public final class NodeBoard {
  /// Where another process of the machine finds a board, as long as this one has it.
  public struct Address: Codable, Hashable, Sendable {
    var process: Int32
    var descriptor: Int32
    var inode: UInt64
  }

  /// A line of the table: the thing is being made where it has no bytes yet, and there is none where the key is 0.
  private struct Entry {
    var key: UInt64
    var byteCount: UInt64
  }

  private enum Claim {
    /// Another process holds the table, or makes the thing.
    case busy
    case present(slot: Int, byteCount: Int)
    /// This process is to make it.
    case own(slot: Int)
    case full
  }

  private static let slots = 512
  private static let tableLock = 0
  /// Addresses of a file cost nothing, so every slot has more of them than any machine has memory.
  private static let slotBytes = 1 << 40

  private let file: MemoryFile
  /// The copies that this process has mapped, by slot.
  private var mapped: [Int: Mapped] = [:]
  private struct Mapped {
    let key: UInt64
    weak var copy: SharedCopy?
  }

  /// Makes a board; nil where the system does not give such memory.
  public init?() {
    guard let file = MemoryFile.make() else { return nil }
    self.file = file
  }

  /// Opens the board of another process of this machine; nil where it has ended or is out of sight.
  public init?(_ address: Address) {
    guard
      let file = MemoryFile.open(
        process: address.process, descriptor: address.descriptor, inode: address.inode)
    else { return nil }
    self.file = file
  }

  /// Where other processes find this board.
  public var address: Address? {
    file.inode.map { Address(process: getpid(), descriptor: file.descriptor, inode: $0) }
  }

  /// The thing with a key: that of another process where one has made it, else made by this one, for all.
  ///
  /// - Parameters:
  ///   - key: all that the thing depends on.
  ///   - patience: for how long another process may take to make it.
  ///   - whileWaiting: called between looks, a hundred times a second; what it throws is passed on.
  ///   - make: writes the thing.
  /// - Returns: the thing, to be read; nil where it cannot be shared, as for want of memory or patience.
  /// - Throws: what `make` and `whileWaiting` throw.
  public func copy(
    of key: String, patience: Duration = .seconds(600), whileWaiting: () throws -> Void,
    make: (inout CopyWriter) throws -> Void
  ) throws -> SharedCopy? {
    let number = Self.number(of: key)
    if let copy = mapped.values.first(where: { $0.key == number })?.copy {
      return copy.key == key ? copy : nil
    }
    let deadline = ContinuousClock.now + patience
    while ContinuousClock.now < deadline {
      switch claim(number) {
      case .present(let slot, let byteCount): return map(slot, number, byteCount, key: key)
      case .own(let slot): return try fill(slot, number, key: key, make)
      case .full: return nil
      case .busy:
        usleep(10_000)
        try whileWaiting()
      }
    }
    return nil
  }

  // MARK: - The table

  private func claim(_ key: UInt64) -> Claim {
    guard file.lock(Self.tableLock, .exclusive) else { return .busy }
    defer { file.unlock(Self.tableLock) }
    let table = entries
    for slot in table.indices where !(table[slot].key == key && table[slot].byteCount > 0) {
      freeIfUnused(slot, table[slot])
    }
    let left = entries
    if let slot = left.firstIndex(where: { $0.key == key }) {
      let byteCount = Int(left[slot].byteCount)
      let isReadable = byteCount > 0 && file.lock(Self.lock(of: slot), .shared)
      return isReadable ? .present(slot: slot, byteCount: byteCount) : .busy
    }
    guard let slot = left.firstIndex(where: { $0.key == 0 }), file.lock(Self.lock(of: slot), .exclusive)
    else { return .full }
    write(Entry(key: key, byteCount: 0), slot)
    return .own(slot: slot)
  }

  private var entries: [Entry] {
    let numbers = file.readNumbers(count: 2 * Self.slots)
    return stride(from: 0, to: numbers.count, by: 2).map {
      Entry(key: numbers[$0], byteCount: numbers[$0 + 1])
    }
  }

  private func write(_ entry: Entry, _ slot: Int) {
    _ = unsafe file.write([entry.key, entry.byteCount].span.bytes, at: 16 * slot)
  }

  /// Frees what no process uses: nobody reads it, or its maker is gone.
  private func freeIfUnused(_ slot: Int, _ entry: Entry) {
    guard entry.key != 0, mapped[slot] == nil, file.lock(Self.lock(of: slot), .exclusive) else { return }
    free(slot)
  }

  /// Frees a slot, whose lock this process holds alone.
  private func free(_ slot: Int) {
    file.free(Self.range(of: slot))
    write(Entry(key: 0, byteCount: 0), slot)
    file.unlock(Self.lock(of: slot))
  }

  private static func lock(of slot: Int) -> Int { slot + 1 }
  private static func range(of slot: Int) -> Range<Int> { (slot + 1) * slotBytes..<(slot + 2) * slotBytes }

  /// The FNV-1a hash, never 0: that two keys share a number is noticed, and one of them is not shared then.
  private static func number(of key: String) -> UInt64 {
    key.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 } | 1
  }

  // MARK: - Copies

  /// Writes bytes to the file of the board; false where there is no memory for them.
  func write(_ bytes: RawSpan, at offset: Int) -> Bool { file.write(bytes, at: offset) }

  /// Makes the contents of a slot, whose lock this process holds alone.
  private func fill(
    _ slot: Int, _ number: UInt64, key: String, _ make: (inout CopyWriter) throws -> Void
  ) throws -> SharedCopy? {
    var writer = CopyWriter(self, from: Self.range(of: slot).lowerBound)
    writer.append(key)
    do {
      try make(&writer)
    } catch {
      free(slot)
      throw error
    }
    guard let byteCount = writer.byteCount else {
      free(slot)
      return nil
    }
    write(Entry(key: number, byteCount: UInt64(byteCount)), slot)
    _ = file.lock(Self.lock(of: slot), .shared)
    return map(slot, number, byteCount, key: key)
  }

  /// Maps a slot, whose lock this process shares.
  private func map(_ slot: Int, _ number: UInt64, _ byteCount: Int, key: String) -> SharedCopy? {
    let start = Self.range(of: slot).lowerBound
    mapped[slot] = Mapped(key: number, copy: nil)
    guard
      let copy = SharedCopy(
        self, slot: slot, descriptor: file.descriptor, range: start..<start + byteCount)
    else {
      release(slot)
      return nil
    }
    mapped[slot]?.copy = copy
    return copy.key == key ? copy : nil
  }

  /// Gives up a slot that this process has read, and frees it where no other does.
  func release(_ slot: Int) {
    mapped[slot] = nil
    file.unlock(Self.lock(of: slot))
    // Where another process holds the table now, the next that claims something frees it.
    guard file.lock(Self.tableLock, .exclusive) else { return }
    freeIfUnused(slot, entries[slot])
    file.unlock(Self.tableLock)
  }
}
