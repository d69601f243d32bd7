internal import CHDF5

/// A folder in a file, closed when this value ends.
public struct Group: ~Copyable, AttributeOwner {
  /// What a member of a group is.
  public enum MemberKind: Sendable {
    case group, dataset, other
  }

  let handle: Handle

  init(_ handle: consuming Handle) { self.handle = handle }

  /// The file, and after a colon the group in it.
  public var path: String { handle.path }
  /// Names the group to the library.
  public var reference: ObjectReference {
    ObjectReference(id: handle.id, path: handle.path, failures: handle.failures)
  }

  consuming func close() throws(HDF5Error) { try handle.close() }

  func path(of member: String) -> String {
    path.hasSuffix(":/") ? path + member : "\(path)/\(member)"
  }
}

// MARK: - Members

extension Group {
  /// Whether there is a member of this name directly in the group.
  public borrowing func contains(_ name: String) throws(HDF5Error) -> Bool {
    try call("H5Lexists", path(of: name)) { unsafe H5Lexists(handle.id, name, CHDF5_P_DEFAULT()) } > 0
  }

  /// The names of all members, in the order of their creation where the group tracks it, else sorted.
  public borrowing func memberNames() throws(HDF5Error) -> [String] {
    var info = H5G_info_t()
    _ = try call("H5Gget_info", path) { unsafe H5Gget_info(handle.id, &info) }
    let index = try tracksOrder() ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME
    var names: [String] = []
    for position in 0..<info.nlinks {
      let name = try text("H5Lget_name_by_idx", path) { buffer, size in
        unsafe H5Lget_name_by_idx(
          handle.id, ".", index, H5_ITER_INC, position, buffer, size, CHDF5_P_DEFAULT())
      }
      names.append(name)
    }
    return names
  }

  /// What the member of this name is.
  public borrowing func kind(of name: String) throws(HDF5Error) -> MemberKind {
    let member = try Handle(.object, "H5Oopen", path(of: name)) {
      unsafe H5Oopen(handle.id, name, CHDF5_P_DEFAULT())
    }
    return switch H5Iget_type(member.id) {
    case H5I_GROUP: .group
    case H5I_DATASET: .dataset
    default: .other
    }
  }

  private borrowing func tracksOrder() throws(HDF5Error) -> Bool {
    let properties = try Handle(.propertyList, "H5Gget_create_plist", path) {
      H5Gget_create_plist(handle.id)
    }
    var flags = UInt32(0)
    _ = try call("H5Pget_link_creation_order", path) {
      unsafe H5Pget_link_creation_order(properties.id, &flags)
    }
    return flags == CHDF5_P_CRT_ORDER()
  }
}

// MARK: - Groups and datasets in a group

extension Group {
  /// Opens a group in this one.
  public borrowing func openGroup(_ name: String) throws(HDF5Error) -> Group {
    Group(
      try Handle(.group, "H5Gopen", path(of: name), failures: handle.failures) {
        unsafe H5Gopen2(handle.id, name, CHDF5_P_DEFAULT())
      })
  }

  /// Creates a group in this one.
  public borrowing func createGroup(_ name: String) throws(HDF5Error) -> Group {
    let path = path(of: name)
    let properties = try Handle(.propertyList, "H5Pcreate", path) { H5Pcreate(CHDF5_P_GROUP_CREATE()) }
    try properties.trackOrderOfMembers()
    return Group(
      try Handle(.group, "H5Gcreate", path, failures: handle.failures) {
        unsafe H5Gcreate2(handle.id, name, CHDF5_P_DEFAULT(), properties.id, CHDF5_P_DEFAULT())
      })
  }

  /// Opens a dataset in this group.
  public borrowing func openDataset(_ name: String) throws(HDF5Error) -> Dataset {
    Dataset(
      try Handle(.dataset, "H5Dopen", path(of: name), failures: handle.failures) {
        unsafe H5Dopen2(handle.id, name, CHDF5_P_DEFAULT())
      })
  }

  /// Creates a dataset of numbers, whose elements read as `fill` until they are written.
  public borrowing func createDataset<Scalar: HDF5Scalar>(
    _ name: String, of type: Scalar.Type = Scalar.self, shape: [Int], storage: Storage = .contiguous,
    fill: Scalar = .zero
  ) throws(HDF5Error) -> Dataset {
    let path = path(of: name)
    let properties = try Handle.datasetProperties(storage, shape: shape, path: path)
    var fill = fill
    _ = try call("H5Pset_fill_value", path) {
      unsafe H5Pset_fill_value(properties.id, Scalar.nativeType, &fill)
    }
    return try create(name, Scalar.nativeType, shape, properties, path)
  }

  /// Creates a dataset of strings, which are empty until they are written.
  ///
  /// The library applies no filter to strings of variable length, so they lie in one piece.
  public borrowing func createStringDataset(_ name: String, shape: [Int]) throws(HDF5Error) -> Dataset {
    let path = path(of: name)
    let properties = try Handle.datasetProperties(.contiguous, shape: shape, path: path)
    let type = try Handle.stringType(path: path)
    return try create(name, type.id, shape, properties, path)
  }

  private borrowing func create(
    _ name: String, _ type: hid_t, _ shape: [Int], _ properties: borrowing Handle, _ path: String
  ) throws(HDF5Error) -> Dataset {
    let space = try Dataspace(shape: shape, path: path)
    return Dataset(
      try Handle(.dataset, "H5Dcreate", path, failures: handle.failures) {
        unsafe H5Dcreate2(
          handle.id, name, type, space.id, CHDF5_P_DEFAULT(), properties.id, CHDF5_P_DEFAULT())
      })
  }
}
