internal import CHDF5

/// Names an open group or dataset to the library; only this module can look inside.
public struct ObjectReference {
  let id: hid_t
  let path: String
  let failures: CloseFailures?

  func path(of attribute: String) -> String { "\(path)@\(attribute)" }
}

/// Something that carries attributes: small named values, each a string, a number, or a list of numbers.
public protocol AttributeOwner: ~Copyable {
  /// Names the object to the library.
  var reference: ObjectReference { get }
}

// MARK: - Which there are

extension AttributeOwner where Self: ~Copyable {
  /// Whether there is an attribute of this name.
  public borrowing func hasAttribute(_ name: String) throws(HDF5Error) -> Bool {
    let object = reference
    return try call("H5Aexists", object.path(of: name)) { unsafe H5Aexists(object.id, name) } > 0
  }

  /// The names of all attributes, sorted.
  public borrowing func attributeNames() throws(HDF5Error) -> [String] {
    let object = reference
    let count = try call("H5Aget_num_attrs", object.path) { H5Aget_num_attrs(object.id) }
    var names: [String] = []
    for position in 0..<hsize_t(count) {
      let name = try text("H5Aget_name_by_idx", object.path) { buffer, size in
        unsafe H5Aget_name_by_idx(
          object.id, ".", H5_INDEX_NAME, H5_ITER_INC, position, buffer, size, CHDF5_P_DEFAULT())
      }
      names.append(name)
    }
    return names
  }
}

// MARK: - Writing

extension AttributeOwner where Self: ~Copyable {
  /// Sets an attribute to a string, in place of any value it has.
  public borrowing func setAttribute(_ name: String, _ string: String) throws(HDF5Error) {
    let type = try Handle.stringType(path: reference.path(of: name))
    let attribute = try createAttribute(name, type.id, shape: [])
    try writeStrings([string], "H5Awrite", attribute.path) { unsafe H5Awrite(attribute.id, type.id, $0) }
  }

  /// Sets an attribute to a number, in place of any value it has.
  public borrowing func setAttribute<Scalar: HDF5Scalar>(_ name: String, _ value: Scalar) throws(HDF5Error) {
    try setAttribute(name, [value], shape: [])
  }

  /// Sets an attribute to a list of numbers, in place of any value it has.
  public borrowing func setAttribute<Scalar: HDF5Scalar>(
    _ name: String, _ values: [Scalar]
  ) throws(HDF5Error) {
    try setAttribute(name, values, shape: [values.count])
  }

  /// Writes another number into an attribute that holds one, where it stands: the file does not grow.
  public borrowing func updateAttribute<Scalar: HDF5Scalar>(
    _ name: String, _ value: Scalar
  ) throws(HDF5Error) {
    let attribute = try openAttribute(name)
    _ = try call("H5Awrite", attribute.path) {
      unsafe H5Awrite(attribute.id, Scalar.nativeType, [value])
    }
  }

  private borrowing func setAttribute<Scalar: HDF5Scalar>(
    _ name: String, _ values: [Scalar], shape: [Int]
  ) throws(HDF5Error) {
    let attribute = try createAttribute(name, Scalar.nativeType, shape: shape)
    _ = try call("H5Awrite", attribute.path) {
      unsafe H5Awrite(attribute.id, Scalar.nativeType, values)
    }
  }

  private borrowing func createAttribute(
    _ name: String, _ type: hid_t, shape: [Int]
  ) throws(HDF5Error) -> Handle {
    let object = reference
    let path = object.path(of: name)
    if try hasAttribute(name) {
      _ = try call("H5Adelete", path) { unsafe H5Adelete(object.id, name) }
    }
    let space = try Dataspace(shape: shape, path: path)
    return try Handle(.attribute, "H5Acreate", path, failures: object.failures) {
      unsafe H5Acreate2(object.id, name, type, space.id, CHDF5_P_DEFAULT(), CHDF5_P_DEFAULT())
    }
  }
}

// MARK: - Reading

extension AttributeOwner where Self: ~Copyable {
  /// The string that an attribute holds, or the first of several.
  public borrowing func stringAttribute(_ name: String) throws(HDF5Error) -> String {
    let attribute = try openAttribute(name)
    let (id, path) = (attribute.id, attribute.path)
    let space = try Dataspace("H5Aget_space", path: path) { H5Aget_space(id) }
    let type = try Handle(.datatype, "H5Aget_type", path) { H5Aget_type(id) }
    let strings = try readStrings(type, space, "H5Aread", path) { unsafe H5Aread(id, type.id, $0) }
    guard let string = strings.first else {
      throw HDF5Error(operation: "H5Aread", path: path, reason: "the attribute holds no string")
    }
    return string
  }

  /// The numbers that an attribute holds, converted to `Scalar`.
  public borrowing func attribute<Scalar: HDF5Scalar>(
    _ name: String, as type: Scalar.Type = Scalar.self
  ) throws(HDF5Error) -> [Scalar] {
    let attribute = try openAttribute(name)
    let (id, path) = (attribute.id, attribute.path)
    let space = try Dataspace("H5Aget_space", path: path) { H5Aget_space(id) }
    var values = [Scalar](repeating: .zero, count: space.shape.reduce(1, *))
    _ = try call("H5Aread", path) { unsafe H5Aread(id, Scalar.nativeType, &values) }
    return values
  }

  private borrowing func openAttribute(_ name: String) throws(HDF5Error) -> Handle {
    let object = reference
    return try Handle(.attribute, "H5Aopen", object.path(of: name)) {
      unsafe H5Aopen(object.id, name, CHDF5_P_DEFAULT())
    }
  }
}
