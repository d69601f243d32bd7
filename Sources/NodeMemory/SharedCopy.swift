internal import Glibc

/// Where parts of a thing lie: each behind its length, and both at multiples of 64 bytes.
private enum PartLayout {
  static let alignment = 64

  static func roundedUp(_ offset: Int) -> Int { (offset + alignment - 1) / alignment * alignment }
}

/// Writes a thing to a board, part by part.
public struct CopyWriter {
  private let board: NodeBoard
  private let start: Int
  /// The bytes so far; nil once there was no memory for some.
  private(set) var byteCount: Int? = 0

  init(_ board: NodeBoard, from start: Int) { (self.board, self.start) = (board, start) }

  /// Adds a part, which readers find aligned to 64 bytes.
  public mutating func append(_ bytes: RawSpan) {
    guard let offset = byteCount else { return }
    let content = offset + PartLayout.alignment
    let isWritten =
      unsafe board.write([UInt64(bytes.byteCount)].span.bytes, at: start + offset)
      && board.write(bytes, at: start + content)
    byteCount = isWritten ? PartLayout.roundedUp(content + bytes.byteCount) : nil
  }

  /// Adds a text.
  public mutating func append(_ text: String) { unsafe append(Array(text.utf8).span.bytes) }
}

/// A thing on a board, mapped into this process to be read only: a stray write ends the process and hurts no other.
@safe public final class SharedCopy {
  /// One part of the thing, which keeps it alive.
  @safe public struct Part {
    /// The whole.
    package let copy: SharedCopy
    fileprivate let range: Range<Int>

    /// The number of bytes.
    public var byteCount: Int { range.count }
    /// Where it lies, for as long as the copy lives.
    package var base: UnsafeRawPointer { unsafe copy.base + range.lowerBound }
    /// The part as text.
    public var text: String {
      unsafe String(decoding: UnsafeRawBufferPointer(start: base, count: byteCount), as: UTF8.self)
    }
  }

  /// How many bytes it takes, once for all processes that read it.
  public let byteCount: Int
  private let base: UnsafeRawPointer
  private let board: NodeBoard
  private let slot: Int

  /// Maps a range of the board's file; nil where there is no room for it.
  init?(_ board: NodeBoard, slot: Int, descriptor: CInt, range: Range<Int>) {
    // Populated at once: no step of a run has to wait for it.
    let mapped = unsafe mmap(
      nil, range.count, PROT_READ, MAP_SHARED | CInt(MAP_POPULATE), descriptor, off_t(range.lowerBound))
    guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else { return nil }
    unsafe base = UnsafeRawPointer(mapped)
    (self.board, self.slot, byteCount) = (board, slot, range.count)
  }

  deinit {
    unsafe munmap(UnsafeMutableRawPointer(mutating: base), byteCount)
    board.release(slot)
  }

  /// What the thing was made of, in the order in which it was written, without the key.
  public var parts: [Part] { Array(allParts.dropFirst()) }

  /// What the thing depends on, which is the first of its parts.
  var key: String? { allParts.first?.text }

  private var allParts: [Part] {
    var (parts, offset): ([Part], Int) = ([], 0)
    while offset < byteCount {
      let count = Int(unsafe base.load(fromByteOffset: offset, as: UInt64.self))
      let start = offset + PartLayout.alignment
      parts.append(Part(copy: self, range: start..<start + count))
      offset = PartLayout.roundedUp(start + count)
    }
    return parts
  }
}
