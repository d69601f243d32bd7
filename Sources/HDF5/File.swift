internal import CHDF5

/// An open HDF5 file, closed when this value ends.
///
/// Whoever writes a file calls `close`, which reports what fails only then, such as a full disk. Files that are
/// created track the order in which their members and attributes are created, as netCDF-4 wants it, hold no
/// times, so that equal contents make equal files, and can be read by the oldest versions of the library that
/// know their features.
public struct File: ~Copyable {
  /// Whether a file that exists may be replaced.
  public enum Replacement: Sendable {
    case allowed, refused
  }

  /// What may be done with a file that is opened.
  public enum Access: Sendable {
    case readOnly, readWrite
  }

  /// The path under which the file was opened.
  public let path: String
  /// The group that holds everything in the file.
  public let root: Group
  private let handle: Handle
  private let failures = CloseFailures()

  /// Creates a file for writing.
  public init(creating path: String, replacement: Replacement = .allowed) throws(HDF5Error) {
    HDF5Library.prepare
    let creation = try Handle(.propertyList, "H5Pcreate", path) { H5Pcreate(CHDF5_P_FILE_CREATE()) }
    try creation.trackOrderOfMembers()
    let access = try Self.accessProperties(path)
    let flags = replacement == .allowed ? CHDF5_F_ACC_TRUNC() : CHDF5_F_ACC_EXCL()
    try self.init(
      try Handle(.file, "H5Fcreate", path) { unsafe H5Fcreate(path, flags, creation.id, access.id) })
  }

  /// Opens a file that exists.
  public init(opening path: String, _ access: Access = .readOnly) throws(HDF5Error) {
    let properties = try Self.accessProperties(path)
    let flags = access == .readOnly ? CHDF5_F_ACC_RDONLY() : CHDF5_F_ACC_RDWR()
    try self.init(try Handle(.file, "H5Fopen", path) { unsafe H5Fopen(path, flags, properties.id) })
  }

  private init(_ handle: consuming Handle) throws(HDF5Error) {
    path = handle.path
    let id = handle.id
    root = Group(
      try Handle(.group, "H5Gopen", path + ":/", failures: failures) {
        unsafe H5Gopen2(id, "/", CHDF5_P_DEFAULT())
      })
    self.handle = handle
  }

  /// Writes everything out and closes the file, once all groups and datasets in it have ended.
  ///
  /// Also throws what failed when they ended, since a dataset may hold elements back until then.
  public consuming func close() throws(HDF5Error) {
    if let failure = failures.first { throw failure }
    let count = try call("H5Fget_obj_count", path) {
      H5Fget_obj_count(handle.id, CHDF5_F_OBJ_CONTENTS())
    }
    guard count == 1 else {
      throw HDF5Error(operation: "H5Fclose", path: path, reason: "\(count - 1) objects in it are still open")
    }
    try root.close()
    try handle.close()
  }

  /// Where the library's own part of the file ends: its length in bytes, until something is written to it.
  ///
  /// Bytes behind it belong to somebody else, and are cut off when the file is written to.
  public var end: Int {
    get throws(HDF5Error) {
      var end = haddr_t(0)
      _ = try call("H5Fget_eoa", path) { unsafe H5Fget_eoa(handle.id, &end) }
      return Int(end)
    }
  }

  private static func accessProperties(_ path: String) throws(HDF5Error) -> Handle {
    HDF5Library.prepare
    let properties = try Handle(.propertyList, "H5Pcreate", path) { H5Pcreate(CHDF5_P_FILE_ACCESS()) }
    _ = try call("H5Pset_libver_bounds", path) {
      H5Pset_libver_bounds(properties.id, H5F_LIBVER_EARLIEST, CHDF5_F_LIBVER_LATEST())
    }
    return properties
  }
}
