internal import CHDF5
public import Problems

/// What went wrong in an HDF5 call, with the library's own explanation.
public struct HDF5Error: Error, Hashable, Sendable, CustomStringConvertible {
  /// One entry of the library's error stack.
  public struct Frame: Hashable, Sendable {
    /// The C function that reported the error.
    public let function: String
    /// What it said.
    public let text: String
  }

  /// The C function that was called, as in `H5Fopen`.
  public let operation: String
  /// The file, and after a colon the object in it.
  public let path: String
  /// The library's error stack, outermost function first; empty where this package found the fault itself.
  public let frames: [Frame]
  /// The cause in plain words.
  public let sentence: String
  /// What to do about it, where that is known.
  public let remedy: String?

  /// The cause in plain words, with its remedy where one is known.
  public var reason: String { remedy.map { "\(sentence); \($0)" } ?? sentence }

  /// The error of the system call that is behind it (`errno`), which the library says in its text only.
  public var systemError: Int32? {
    for frame in frames {
      if let match = frame.text.firstMatch(of: /errno = ([0-9]+)/) { return Int32(match.1) }
    }
    return nil
  }

  /// One sentence: path, reason, and the failed call.
  public var description: String { "\(path): \(reason) (\(operation))" }

  /// Makes an error from what the last failed call of this thread left on the error stack.
  init(operation: String, path: String) {
    self.operation = operation
    self.path = path
    frames = Self.currentFrames()
    (sentence, remedy) = Self.explain(frames)
  }

  /// Makes an error from a fault that the library does not report itself.
  init(operation: String, path: String, reason: String) {
    self.operation = operation
    self.path = path
    sentence = reason
    remedy = nil
    frames = []
  }

  private static func currentFrames() -> [Frame] {
    var frames: [Frame] = []
    let code = unsafe withUnsafeMutablePointer(to: &frames) { frames in
      unsafe H5Ewalk2(CHDF5_E_DEFAULT(), H5E_WALK_DOWNWARD, appendFrame, frames)
    }
    return code >= 0 ? frames : []
  }
}

private func appendFrame(
  _ index: UInt32, _ entry: UnsafePointer<H5E_error2_t>?, _ frames: UnsafeMutableRawPointer?
) -> herr_t {
  guard let entry = unsafe entry, let frames = unsafe frames else { return 0 }
  let frame = HDF5Error.Frame(
    function: unsafe entry.pointee.func_name.map { unsafe String(cString: $0) } ?? "",
    text: unsafe entry.pointee.desc.map { unsafe String(cString: $0) } ?? "")
  unsafe frames.assumingMemoryBound(to: [HDF5Error.Frame].self).pointee.append(frame)
  return 0
}

// MARK: - Plain words

extension HDF5Error {
  private typealias Explanation = (sentence: String, remedy: String?)

  /// What users meet most, told by a piece of the library's text; the first that fits is taken.
  private static let explanations: [(text: String, explanation: Explanation)] = [
    ("errno = 2,", ("there is no such file or directory", "check the path")),
    ("errno = 5,", ("the device reports an error", "check the disk")),
    ("errno = 13,", ("permission denied", "check the rights of the file and its directory")),
    ("errno = 17,", ("the file exists already", nil)),
    ("errno = 21,", ("this is a directory, not a file", nil)),
    ("errno = 27,", ("the file is larger than a limit allows", "raise the limit (ulimit -f) and run again")),
    ("errno = 28,", ("the disk is full", "free some space and run again")),
    ("errno = 122,", ("the disk quota is used up", "free some space and run again")),
    ("errno = 30,", ("the file system is read-only", "choose another directory")),
    ("errno = 11,", ("another process holds a lock on the file", "wait until it has ended, or \(unlock)")),
    ("errno = 37,", ("this file system does not support file locks", unlock)),
    ("errno = 524,", ("this file system does not support file locks", unlock)),
    ("file exists", ("the file exists already", nil)),
    ("file signature not found", ("this is not an HDF5 file", nil)),
    (
      "truncated file",
      (
        "the file is truncated: it was not written to its end, or not copied whole",
        "copy it or write it again"
      )
    ),
    ("Fletcher32", ("a checksum does not match: the file is damaged", "restore or recompute it")),
    (
      "version number",
      (
        "a newer HDF5 library wrote it than the one here, \(HDF5Library.version)",
        "write it in an older format (in h5py with libver=('earliest', 'v110'))"
      )
    ),
    (
      "already open for write",
      (
        "another program is writing the file, or died while it did",
        "close it there, or mark it as closed with 'h5clear -s'"
      )
    ),
    (
      "insufficient elements in destination selection",
      ("it is put together from other datasets, of which one is shorter than it was", "write it again")
    ),
    ("external raw data file", ("its numbers lie in a file beside it, which is not there", "copy that, too")),
  ]
  private static let unlock = "set HDF5_USE_FILE_LOCKING=FALSE in the environment"

  private static func explain(_ frames: [Frame]) -> Explanation {
    if let filter = frames.first(where: { $0.text.contains("is not registered") }) {
      return (filter.text, "write the file with gzip or without compression")
    }
    for (text, explanation) in explanations where frames.contains(where: { $0.text.contains(text) }) {
      return explanation
    }
    return (frames.last?.text ?? "the call failed without an explanation", nil)
  }
}

extension Problem {
  /// What a failed HDF5 call means for the user; a full disk stays recognisable as the machine's fault.
  public init(_ error: HDF5Error) {
    self.init(
      error.path, "\(error.sentence) (\(error.operation))",
      remedy: error.remedy ?? "restore the file or make it again",
      systemError: error.systemError)
  }
}
