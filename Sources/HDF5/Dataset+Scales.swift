internal import CHDF5

// Dimension scales (the "H5DS" part of the library): datasets that give the axes of others their names and
// coordinates. netCDF-4 is HDF5 with a scale on every axis.

extension Dataset {
  /// Makes this dataset a dimension scale of the given name.
  public borrowing func makeScale(named name: String) throws(HDF5Error) {
    _ = try call("H5DSset_scale", path) { unsafe H5DSset_scale(handle.id, name) }
  }

  /// Whether this dataset is a dimension scale.
  public var isScale: Bool {
    get throws(HDF5Error) { try call("H5DSis_scale", path) { H5DSis_scale(handle.id) } > 0 }
  }

  /// The name that was given to this dimension scale.
  public var scaleName: String {
    get throws(HDF5Error) {
      try text("H5DSget_scale_name", path) { unsafe H5DSget_scale_name(handle.id, $0, $1) }
    }
  }

  /// Puts a dimension scale on an axis of this dataset.
  public borrowing func attach(_ scale: borrowing Dataset, toAxis axis: Int) throws(HDF5Error) {
    let scaleID = scale.handle.id
    _ = try call("H5DSattach_scale", path) { H5DSattach_scale(handle.id, scaleID, UInt32(axis)) }
  }

  /// The names, from the root of the file, of the scales on an axis, such as `/step`.
  public borrowing func scales(onAxis axis: Int) throws(HDF5Error) -> [String] {
    var names: [String] = []
    _ = try call("H5DSiterate_scales", path) {
      unsafe withUnsafeMutablePointer(to: &names) { names in
        unsafe H5DSiterate_scales(handle.id, UInt32(axis), nil, appendName, names)
      }
    }
    return names
  }

  /// Names an axis of this dataset, whether or not it has a scale.
  public borrowing func setLabel(_ label: String, ofAxis axis: Int) throws(HDF5Error) {
    _ = try call("H5DSset_label", path) { unsafe H5DSset_label(handle.id, UInt32(axis), label) }
  }

  /// The name of an axis; empty where it has none.
  public borrowing func label(ofAxis axis: Int) throws(HDF5Error) -> String {
    try text("H5DSget_label", path) { unsafe H5DSget_label(handle.id, UInt32(axis), $0, $1) }
  }
}

private func appendName(
  _ dataset: hid_t, _ axis: UInt32, _ scale: hid_t, _ names: UnsafeMutableRawPointer?
) -> herr_t {
  guard let name = try? text("H5Iget_name", "", { unsafe H5Iget_name(scale, $0, $1) }) else { return -1 }
  unsafe names?.assumingMemoryBound(to: [String].self).pointee.append(name)
  return 0
}
