import Foundation

/// Hands `body` the path of a file that does not exist yet, and removes the file afterwards.
func withTemporaryFile<Result>(_ body: (String) throws -> Result) throws -> Result {
  let url = FileManager.default.temporaryDirectory.appending(path: "hdf5-\(UUID().uuidString).h5")
  defer { try? FileManager.default.removeItem(at: url) }
  return try body(url.path())
}
