internal import CHDF5
internal import Glibc

/// The HDF5 library as a whole.
public enum HDF5Library {
  /// The version of the library that is linked in, as in `1.10.8`.
  public static var version: String {
    prepare
    var (major, minor, release) = (UInt32(0), UInt32(0), UInt32(0))
    guard unsafe H5get_libversion(&major, &minor, &release) >= 0 else { return "unknown" }
    return "\(major).\(minor).\(release)"
  }

  /// Done once, before the first call.
  ///
  /// Files are not locked, because locking fails on NFS, Lustre and GPFS and every file has one writer by
  /// construction; a value set by the user stays. Nothing is done when the process exits: the library would try
  /// again to write what did not fit on a full disk, and crash.
  static let prepare: Void = {
    _ = unsafe setenv("HDF5_USE_FILE_LOCKING", "FALSE", 0)
    guard H5dont_atexit() >= 0, H5open() >= 0 else { fatalError("The HDF5 library does not start.") }
  }()
}

/// Makes one HDF5 call and turns a negative result into an error that holds the library's own explanation.
///
/// The library prints errors unless told otherwise, and has to be told in every thread.
func call<Result: SignedInteger>(
  _ operation: String, _ path: String, _ body: () -> Result
) throws(HDF5Error) -> Result {
  HDF5Library.prepare
  _ = H5Eset_auto2(CHDF5_E_DEFAULT(), nil, nil)
  let result = body()
  guard result >= 0 else { throw HDF5Error(operation: operation, path: path) }
  return result
}
