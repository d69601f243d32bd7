internal import CHDF5

/// An identifier that the library counts, closed when this value ends.
struct Handle: ~Copyable {
  /// What an identifier stands for, with the function that closes it.
  enum Kind: String {
    case file = "H5Fclose"
    case group = "H5Gclose"
    case dataset = "H5Dclose"
    case dataspace = "H5Sclose"
    case datatype = "H5Tclose"
    case attribute = "H5Aclose"
    case propertyList = "H5Pclose"
    case object = "H5Oclose"
  }

  private(set) var id: hid_t
  let kind: Kind
  let path: String
  let failures: CloseFailures?

  /// Takes over the identifier that `open` returns; where its end fails, `failures` is told.
  init(
    _ kind: Kind, _ operation: String, _ path: String, failures: CloseFailures? = nil, _ open: () -> hid_t
  ) throws(HDF5Error) {
    id = try call(operation, path, open)
    self.kind = kind
    self.path = path
    self.failures = failures
  }

  /// Closes the identifier and reports what fails then, such as a full disk.
  consuming func close() throws(HDF5Error) {
    let closed = id
    id = -1
    try Self.close(closed, kind, path)
  }

  deinit {
    guard id >= 0 else { return }
    do {
      try Self.close(id, kind, path)
    } catch {
      failures?.first = failures?.first ?? error
    }
  }

  private static func close(_ id: hid_t, _ kind: Kind, _ path: String) throws(HDF5Error) {
    _ = try call(kind.rawValue, path) { kind.close(id) }
  }
}

/// What failed when objects of a file ended, which may have held back what was not written yet.
///
/// It cannot be thrown there, so the file throws it when it is closed.
final class CloseFailures {
  var first: HDF5Error?
}

extension Handle.Kind {
  fileprivate func close(_ id: hid_t) -> herr_t {
    switch self {
    case .file: H5Fclose(id)
    case .group: H5Gclose(id)
    case .dataset: H5Dclose(id)
    case .dataspace: H5Sclose(id)
    case .datatype: H5Tclose(id)
    case .attribute: H5Aclose(id)
    case .propertyList: H5Pclose(id)
    case .object: H5Oclose(id)
    }
  }
}
