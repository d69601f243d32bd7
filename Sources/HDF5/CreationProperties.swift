internal import CHDF5

// What every object created here has in common: the order of its members and attributes is tracked, and the
// file does not say when it was written.

extension Handle {
  /// The properties of a dataset that is to be created.
  static func datasetProperties(_ storage: Storage, shape: [Int], path: String) throws(HDF5Error) -> Handle {
    let properties = try Handle(.propertyList, "H5Pcreate", path) { H5Pcreate(CHDF5_P_DATASET_CREATE()) }
    try properties.trackOrderOfAttributes()
    try storage.apply(to: properties, shape: shape)
    return properties
  }

  /// Asks for the order of members and attributes to be tracked, on the properties of a file or a group.
  borrowing func trackOrderOfMembers() throws(HDF5Error) {
    try trackOrderOfAttributes()
    _ = try call("H5Pset_link_creation_order", path) {
      H5Pset_link_creation_order(id, CHDF5_P_CRT_ORDER())
    }
  }

  private borrowing func trackOrderOfAttributes() throws(HDF5Error) {
    _ = try call("H5Pset_attr_creation_order", path) {
      H5Pset_attr_creation_order(id, CHDF5_P_CRT_ORDER())
    }
    _ = try call("H5Pset_obj_track_times", path) { H5Pset_obj_track_times(id, false) }
  }
}
