internal import CHDF5

// Strings are stored with variable length and marked as UTF-8, because fixed-length ones crash old netCDF
// readers. Both kinds are read. C strings end at a zero byte, so a string is stored up to its first one.

extension Handle {
  /// The datatype of variable-length UTF-8 strings.
  static func stringType(path: String) throws(HDF5Error) -> Handle {
    let type = try Handle(.datatype, "H5Tcopy", path) { H5Tcopy(CHDF5_T_C_S1()) }
    _ = try call("H5Tset_size", path) { H5Tset_size(type.id, CHDF5_T_VARIABLE()) }
    _ = try call("H5Tset_cset", path) { H5Tset_cset(type.id, H5T_CSET_UTF8) }
    return type
  }
}

/// Lays strings out as the library wants to be handed them, and passes their address on.
@safe func writeStrings(
  _ strings: [String], _ operation: String, _ path: String, _ write: (UnsafeRawPointer) -> herr_t
) throws(HDF5Error) {
  var bytes: [CChar] = []
  var starts: [Int] = []
  for string in strings {
    starts.append(bytes.count)
    bytes += string.utf8CString
  }
  _ = try call(operation, path) {
    unsafe bytes.withUnsafeBufferPointer { bytes in
      let pointers = unsafe starts.map { unsafe bytes.baseAddress?.advanced(by: $0) } + [nil]
      return unsafe pointers.withUnsafeBytes { unsafe $0.baseAddress.map(write) ?? -1 }
    }
  }
}

/// Reads `space.shape` strings of the stored type through `read`, which fills the buffer it is handed.
@safe func readStrings(
  _ type: borrowing Handle, _ space: borrowing Dataspace, _ operation: String, _ path: String,
  _ read: (UnsafeMutableRawPointer) -> herr_t
) throws(HDF5Error) -> [String] {
  guard ElementType(of: type) == .string else {
    throw HDF5Error(operation: operation, path: path, reason: "this does not hold strings")
  }
  let isVariable = try call("H5Tis_variable_str", path) { H5Tis_variable_str(type.id) } > 0
  let count = space.shape.reduce(1, *)
  guard count > 0 else { return [] }
  return isVariable
    ? try readVariable(type, space, count, operation, path, read)
    : try readFixed(type, count, operation, path, read)
}

@safe private func readVariable(
  _ type: borrowing Handle, _ space: borrowing Dataspace, _ count: Int, _ operation: String, _ path: String,
  _ read: (UnsafeMutableRawPointer) -> herr_t
) throws(HDF5Error) -> [String] {
  var pointers = unsafe [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
  _ = try call(operation, path) {
    unsafe pointers.withUnsafeMutableBytes { unsafe $0.baseAddress.map(read) ?? -1 }
  }
  let strings = unsafe pointers.map { pointer in
    unsafe pointer.map { unsafe String(cString: $0) } ?? ""
  }
  _ = try call("H5Dvlen_reclaim", path) {
    unsafe H5Dvlen_reclaim(type.id, space.id, CHDF5_P_DEFAULT(), &pointers)
  }
  return strings
}

@safe private func readFixed(
  _ type: borrowing Handle, _ count: Int, _ operation: String, _ path: String,
  _ read: (UnsafeMutableRawPointer) -> herr_t
) throws(HDF5Error) -> [String] {
  let length = H5Tget_size(type.id)
  var bytes = [UInt8](repeating: 0, count: count * length)
  _ = try call(operation, path) {
    unsafe bytes.withUnsafeMutableBytes { unsafe $0.baseAddress.map(read) ?? -1 }
  }
  let padding = UInt8(ascii: H5Tget_strpad(type.id) == H5T_STR_SPACEPAD ? " " : "\0")
  return (0..<count).map { index in
    let padded = bytes[index * length..<(index + 1) * length].prefix { $0 != 0 }
    let end = padded.lastIndex { $0 != padding }
    return String(decoding: padded[..<(end.map { $0 + 1 } ?? padded.startIndex)], as: UTF8.self)
  }
}
