internal import CHDF5

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
  /// The cause in plain words, with its remedy where one is known.
  public let reason: String

  /// One sentence: path, reason, and the failed call.
  public var description: String { "\(path): \(reason) (\(operation))" }

  /// Makes an error from what the last failed call of this thread left on the error stack.
  init(operation: String, path: String) {
    self.operation = operation
    self.path = path
    frames = Self.currentFrames()
    reason = Self.explain(frames)
  }

  /// Makes an error from a fault that the library does not report itself.
  init(operation: String, path: String, reason: String) {
    self.operation = operation
    self.path = path
    self.reason = reason
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
  /// What users meet most, told by a piece of the library's text; the first that fits is taken.
  private static let explanations: [(text: String, reason: String)] = [
    ("errno = 2,", "there is no such file or directory; check the path"),
    ("errno = 13,", "permission denied; check the rights of the file and its directory"),
    ("errno = 17,", "the file exists already"),
    ("errno = 21,", "this is a directory, not a file"),
    ("errno = 28,", "the disk is full; free some space and run again"),
    ("errno = 122,", "the disk quota is used up; free some space and run again"),
    ("errno = 30,", "the file system is read-only; choose another directory"),
    ("errno = 11,", "another process holds a lock on the file; wait until it has ended, " + unlock),
    ("errno = 37,", "this file system does not support file locks, " + unlock),
    ("errno = 524,", "this file system does not support file locks, " + unlock),
    ("file exists", "the file exists already"),
    ("file signature not found", "this is not an HDF5 file"),
    ("truncated file", "the file is truncated: it was not written to its end, or not copied whole"),
    ("Fletcher32", "a checksum does not match: the file is damaged; restore or recompute it"),
  ]
  private static let unlock = "or set HDF5_USE_FILE_LOCKING=FALSE in the environment"

  private static func explain(_ frames: [Frame]) -> String {
    for (text, reason) in explanations where frames.contains(where: { $0.text.contains(text) }) {
      return reason
    }
    return frames.last?.text ?? "the call failed without an explanation"
  }
}
