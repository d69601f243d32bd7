internal import Glibc
public import Problems

/// A file that grows by lines, to which several processes may append: each line is written in one go at the end.
public struct LineFile: ~Copyable {
  private let descriptor: CInt
  private static let newline = UInt8(ascii: "\n")

  /// Opens the file or makes it; a last line that a writer left unfinished is ended, so that it does not swallow the
  /// next one.
  public init(_ path: String) throws(Problem) {
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Problem(path, "cannot be written", errno: errno) }
    if isTorn { append([]) }
  }

  deinit { close(descriptor) }

  /// Appends a line; one that cannot be written is left out.
  public func append(_ line: [UInt8]) {
    let bytes = line + [Self.newline]
    _ = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
  }

  private var isTorn: Bool {
    let end = lseek(descriptor, 0, SEEK_END)
    var last = Self.newline
    guard end > 0 else { return false }
    let count = unsafe pread(descriptor, &last, 1, end - 1)
    return count == 1 && last != Self.newline
  }
}

/// Reads what was appended to a file of lines since the last time.
public struct LineReader: Sendable {
  private let path: String
  private let limit: Int
  private var offset = 0
  private var unfinished: [UInt8] = []
  /// Whether reading went on in the middle of a line.
  private var isInside = false

  /// Starts at the beginning of a file, which may not exist yet.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - limit: how many bytes are read at once: where more were appended, only the last ones are.
  public init(_ path: String, atMost limit: Int = .max) { (self.path, self.limit) = (path, limit) }

  /// The lines that are new, without the one that is not finished yet.
  ///
  /// - Throws: a problem where the file may not be read; none where there is no file.
  public mutating func next() throws(Problem) -> [[UInt8]] {
    let size = Int(try FileStamp.of(path)?.size ?? 0)
    if size < offset { (offset, unfinished, isInside) = (0, [], false) }
    if size - offset > limit { (offset, unfinished, isInside) = (size - limit, [], true) }
    if size == offset { return [] }
    let bytes = try FileContents.readIfPresent(path, from: offset) ?? []
    offset += bytes.count
    var lines = (unfinished + bytes).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    unfinished = lines.popLast().map(Array.init) ?? []
    if isInside, !lines.isEmpty {
      lines.removeFirst()
      isInside = false
    }
    return lines.map(Array.init)
  }
}
