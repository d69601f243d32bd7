internal import CHDF5

/// An identifier that the library counts, closed when this value ends.
struct Handle: ~Copyable {
  /// What an identifier stands for, which decides how it is closed.
  enum Kind {
    case file, group, dataset, dataspace, datatype, attribute, propertyList, object
  }

  private(set) var id: hid_t
  let kind: Kind
  let path: String

  /// Takes over the identifier that `open` returns.
  init(_ kind: Kind, _ operation: String, _ path: String, _ open: () -> hid_t) throws(HDF5Error) {
    id = try call(operation, path, open)
    self.kind = kind
    self.path = path
  }

  /// Closes the identifier and reports what fails then, such as a full disk.
  consuming func close() throws(HDF5Error) {
    let closed = id
    id = -1
    _ = try call("close", path) { [kind] in kind.close(closed) }
  }

  deinit {
    if id >= 0 { _ = kind.close(id) }
  }
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
