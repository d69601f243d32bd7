/// Keeps the C library from handing memory back to the system whenever a file is closed.
///
/// HDF5 takes a few megabytes for every open file. By default glibc fetches blocks of that size from the
/// system and returns them when they are freed, and clearing their pages takes most of the time of a merge
/// of many shards. A freed block larger than these teaches glibc to keep what comes and goes in such sizes
/// (its "dynamic mmap threshold", `man mallopt`).
enum FreedMemory {
  /// Done once, before the first file is opened.
  static let isKept: Bool = {
    var block: [UInt8] = []
    block.reserveCapacity(16 << 20)
    return block.capacity > 0
  }()
}
