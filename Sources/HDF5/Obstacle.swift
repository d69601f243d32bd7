internal import CHDF5
internal import Glibc

/// Why the elements of a dataset cannot be read as somebody wrote them.
///
/// The library itself is silent about most of it: what was never written, or lies in a file that is not there, it reads as
/// zeros.
public struct Obstacle: Hashable, Sendable {
  /// What is wrong, to be read after the name of the dataset.
  public let sentence: String
  /// What to do about it.
  public let remedy: String
}

extension Dataset {
  /// The first thing that keeps the elements from being read as they were written; nil where there is none.
  public borrowing func obstacle() throws(HDF5Error) -> Obstacle? { try obstacle(depth: 0) }

  /// Sources of virtual datasets may be virtual themselves; `depth` says how many led here.
  borrowing func obstacle(depth: Int) throws(HDF5Error) -> Obstacle? {
    let properties = try creationProperties()
    if let filter = try properties.missingFilter() { return .missing(filter) }
    let shape = try shape
    if shape.contains(0) { return nil }
    switch H5Pget_layout(properties.id) {
    case H5D_VIRTUAL: return try virtualObstacle(properties, depth: depth)
    case H5D_CHUNKED: return try chunkObstacle()
    default:
      if let obstacle = try externalObstacle(properties) { return obstacle }
      return try storageObstacle()
    }
  }

  /// The status that the library gives counts bytes, so that it takes compressed chunks for missing ones.
  private borrowing func chunkObstacle() throws(HDF5Error) -> Obstacle? {
    let space = try fileSpace()
    guard let chunk = try storage.chunk else { return nil }
    let total = zip(space.shape, chunk).reduce(1) { $0 * (($1.0 + $1.1 - 1) / $1.1) }
    var written = hsize_t(0)
    _ = try call("H5Dget_num_chunks", path) { unsafe H5Dget_num_chunks(handle.id, space.id, &written) }
    if written == 0 { return .neverWritten }
    guard written < total else { return nil }
    return Obstacle(
      sentence:
        "was written in part: \(written) of its \(total) chunks are there, and the rest would be taken for zeros",
      remedy: "write all of it, or make it as long as what was written")
  }

  private borrowing func storageObstacle() throws(HDF5Error) -> Obstacle? {
    var status = H5D_SPACE_STATUS_ERROR
    _ = try call("H5Dget_space_status", path) { unsafe H5Dget_space_status(handle.id, &status) }
    return status == H5D_SPACE_STATUS_NOT_ALLOCATED ? .neverWritten : nil
  }

  /// Numbers may lie in files of their own, of which the library takes what is not there for zeros.
  private borrowing func externalObstacle(_ properties: borrowing Handle) throws(HDF5Error) -> Obstacle? {
    guard unsafe getenv("HDF5_EXTFILE_PREFIX") == nil else { return nil }
    for index in 0..<(try call("H5Pget_external_count", path) { H5Pget_external_count(properties.id) }) {
      var name = [CChar](repeating: 0, count: Int(PATH_MAX))
      var (offset, size) = (off_t(0), hsize_t(0))
      _ = try call("H5Pget_external", path) {
        unsafe H5Pget_external(properties.id, UInt32(index), name.count, &name, &offset, &size)
      }
      let file = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      var status = stat()
      guard unsafe stat(file, &status) == 0 else { return .missing(file: file) }
      guard size == hsize_t.max || hsize_t(status.st_size - offset) >= size else {
        return Obstacle(
          sentence: "takes its numbers from the file \(file), which ends too early",
          remedy: "copy that file again")
      }
    }
    return nil
  }
}

extension Obstacle {
  static let neverWritten = Obstacle(
    sentence: "was never written: the file has its shape, but none of its numbers",
    remedy: "write the numbers, and close the file")

  static func missing(file: String) -> Obstacle {
    Obstacle(
      sentence: "takes its numbers from the file \(file), which is not there",
      remedy: "put that file there, or write the numbers themselves")
  }

  static func missing(_ filter: Filter) -> Obstacle {
    Obstacle(
      sentence: "is compressed with \(filter), which this HDF5 library lacks",
      remedy: "write it with gzip or without compression, or set HDF5_PLUGIN_PATH to the folder of its plugin"
    )
  }
}
