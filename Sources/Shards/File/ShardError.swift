internal import HDF5

/// Why a sweep file could not be written, read or merged, in a sentence that names the file and the remedy.
public struct ShardError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file or directory.
  public let path: String
  /// What is wrong with it, and what to do.
  public let reason: String

  /// One sentence: the path, then the reason.
  public var description: String { "\(path): \(reason)" }

  init(_ path: String, _ reason: String) {
    self.path = path
    self.reason = reason
  }

  init(_ error: HDF5Error) {
    self.init(error.path, "\(error.reason) (\(error.operation))")
  }
}

/// Runs a body of HDF5 calls and turns its error into one of this module.
func sharding<Result>(_ body: () throws(HDF5Error) -> Result) throws(ShardError) -> Result {
  do { return try body() } catch { throw ShardError(error) }
}
