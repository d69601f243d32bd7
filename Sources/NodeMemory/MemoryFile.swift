internal import CLinux
internal import Glibc

/// A file in memory that has no name: it is gone with the last process that has it open or mapped, however that ends.
///
/// Locks of its bytes belong to this opening of it, and are gone with it too.
struct MemoryFile: ~Copyable {
  enum Lock {
    case shared, exclusive
  }

  private static let name = "eos-sweep"
  let descriptor: CInt

  private init(_ descriptor: CInt) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// Makes an empty one; nil where the system does not give any.
  ///
  /// A limit on the size of files holds for these too, and exceeding it would end the process.
  static func make() -> MemoryFile? {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0,
      limit.rlim_cur == rlim_t.max
    else { return nil }
    let descriptor = unsafe memfd_create(name, CLINUX_MFD_CLOEXEC)
    return descriptor >= 0 ? MemoryFile(descriptor) : nil
  }

  /// Opens the one that another process of this machine has open; nil where that is out of sight, or is another file.
  static func open(process: Int32, descriptor number: Int32, inode: UInt64) -> MemoryFile? {
    let path = "/proc/\(process)/fd/\(number)"
    // Opening a file of another kind could have effects.
    guard target(of: path)?.hasPrefix("/memfd:\(name)") == true else { return nil }
    let descriptor = unsafe Glibc.open(path, O_RDWR | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { return nil }
    let file = MemoryFile(descriptor)
    guard file.inode == inode else { return nil }
    return file
  }

  /// The number of the file on this machine.
  var inode: UInt64? {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 ? UInt64(status.st_ino) : nil
  }

  // MARK: - Locks

  /// Takes the lock of a byte, or changes the one that is held, at once; false where others' locks do not allow it.
  func lock(_ byte: Int, _ kind: Lock) -> Bool { setLock(byte, kind == .shared ? F_RDLCK : F_WRLCK) }

  /// Gives up the lock of a byte.
  func unlock(_ byte: Int) { _ = setLock(byte, F_UNLCK) }

  private func setLock(_ byte: Int, _ kind: CInt) -> Bool {
    var lock = flock(
      l_type: Int16(kind), l_whence: Int16(SEEK_SET), l_start: off_t(byte), l_len: 1, l_pid: 0)
    return unsafe fcntl(descriptor, CLINUX_F_OFD_SETLK, &lock) == 0
  }

  // MARK: - Contents

  /// Reads so many 64-bit numbers from the beginning; those that were never written are 0.
  func readNumbers(count: Int) -> [UInt64] {
    var numbers = [UInt64](repeating: 0, count: count)
    let read = unsafe numbers.withUnsafeMutableBytes {
      unsafe pread(descriptor, $0.baseAddress, $0.count, 0)
    }
    return read >= 0 ? numbers : []
  }

  /// Writes bytes at an offset; false where there is no memory for all of them.
  func write(_ bytes: RawSpan, at offset: Int) -> Bool {
    unsafe bytes.withUnsafeBytes { bytes in
      var written = 0
      while written < bytes.count {
        let part = unsafe UnsafeRawBufferPointer(rebasing: bytes[written...])
        let count = unsafe pwrite(descriptor, part.baseAddress, part.count, off_t(offset + written))
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return false }
        written += count
      }
      return true
    }
  }

  /// Gives the memory of a range back; it reads as zeros afterwards.
  func free(_ range: Range<Int>) {
    _ = fallocate(
      descriptor, CLINUX_FALLOC_FL_PUNCH_HOLE | CLINUX_FALLOC_FL_KEEP_SIZE, off_t(range.lowerBound),
      off_t(range.count))
  }

  private static func target(of link: String) -> String? {
    var buffer = [CChar](repeating: 0, count: 256)
    let count = unsafe readlink(link, &buffer, buffer.count)
    guard count > 0 else { return nil }
    return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
