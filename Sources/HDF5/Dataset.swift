internal import CHDF5

/// An array of numbers or strings in a file, closed when this value ends.
public struct Dataset: ~Copyable, AttributeOwner {
  let handle: Handle

  init(_ handle: consuming Handle) { self.handle = handle }

  /// The file, and after a colon the dataset in it.
  public var path: String { handle.path }
  /// Names the dataset to the library.
  public var reference: ObjectReference {
    ObjectReference(id: handle.id, path: handle.path, failures: handle.failures)
  }
}

// MARK: - Shape and type

extension Dataset {
  /// The extent of every axis, outermost first; empty for a single value.
  public var shape: [Int] {
    get throws(HDF5Error) { try fileSpace().shape }
  }

  /// The type of the elements in the file.
  public var elementType: ElementType {
    get throws(HDF5Error) { ElementType(of: try datatype()) }
  }

  /// The type of the elements in the file, told apart as far as a user needs it.
  public var storedType: StoredType {
    get throws(HDF5Error) { StoredType(of: try datatype()) }
  }

  /// Chunks and filters.
  public var storage: Storage {
    get throws(HDF5Error) {
      try Storage(try creationProperties(), rank: try shape.count)
    }
  }

  /// The value that elements have until they are written.
  public borrowing func fillValue<Scalar: HDF5Scalar>(
    as type: Scalar.Type = Scalar.self
  ) throws(HDF5Error) -> Scalar {
    let properties = try creationProperties()
    var value = Scalar.zero
    _ = try call("H5Pget_fill_value", path) {
      unsafe H5Pget_fill_value(properties.id, Scalar.nativeType, &value)
    }
    return value
  }

  borrowing func creationProperties() throws(HDF5Error) -> Handle {
    try Handle(.propertyList, "H5Dget_create_plist", path) { H5Dget_create_plist(handle.id) }
  }

  borrowing func datatype() throws(HDF5Error) -> Handle {
    try Handle(.datatype, "H5Dget_type", path) { H5Dget_type(handle.id) }
  }

  borrowing func fileSpace() throws(HDF5Error) -> Dataspace {
    try Dataspace("H5Dget_space", path: path) { H5Dget_space(handle.id) }
  }
}

// MARK: - Numbers

extension Dataset {
  /// Writes all elements, or those of a block, in row-major order.
  public borrowing func write<Scalar: HDF5Scalar>(
    _ values: [Scalar], in block: Hyperslab? = nil
  ) throws(HDF5Error) {
    // Not through a span: optimised, an array literal would be gone before the library has read it.
    try transfer("H5Dwrite", count: values.count, block) { memory, file in
      unsafe values.withUnsafeBufferPointer { buffer in
        guard let start = buffer.baseAddress else { return 0 }
        return unsafe H5Dwrite(handle.id, Scalar.nativeType, memory, file, CHDF5_P_DEFAULT(), start)
      }
    }
  }

  /// Reads all elements, or those of a block, in row-major order, converted to `Scalar`.
  public borrowing func read<Scalar: HDF5Scalar>(
    _ type: Scalar.Type = Scalar.self, in block: Hyperslab? = nil
  ) throws(HDF5Error) -> [Scalar] {
    let shape = if let block { block.count } else { try shape }
    var values = [Scalar](repeating: .zero, count: shape.reduce(1, *))
    var span = values.mutableSpan
    try read(into: &span, in: block)
    return values
  }

  /// Reads all elements, or those of a block, in row-major order, converted to `Scalar`.
  public borrowing func read<Scalar: HDF5Scalar>(
    into values: inout MutableSpan<Scalar>, in block: Hyperslab? = nil
  ) throws(HDF5Error) {
    try transfer("H5Dread", count: values.count, block) { memory, file in
      unsafe values.withUnsafeMutableBufferPointer { buffer in
        guard let start = buffer.baseAddress else { return 0 }
        return unsafe H5Dread(handle.id, Scalar.nativeType, memory, file, CHDF5_P_DEFAULT(), start)
      }
    }
  }

  /// Makes the spaces of a transfer, hands them to `body`, and checks what it returns.
  private borrowing func transfer(
    _ operation: String, count: Int, _ block: Hyperslab?, _ body: (_ memory: hid_t, _ file: hid_t) -> herr_t
  ) throws(HDF5Error) {
    let file = try fileSpace()
    if let block { try file.select(block) }
    let memory = try Dataspace(shape: block?.count ?? file.shape, path: path)
    precondition(
      count == memory.shape.reduce(1, *), "\(count) values do not fill shape \(memory.shape) of \(path).")
    _ = try call(operation, path) { body(memory.id, file.id) }
  }
}

// MARK: - Strings

extension Dataset {
  /// Writes all strings, or those of a block, in row-major order.
  public borrowing func write(_ strings: [String], in block: Hyperslab? = nil) throws(HDF5Error) {
    let file = try fileSpace()
    if let block { try file.select(block) }
    let memory = try Dataspace(shape: block?.count ?? file.shape, path: path)
    precondition(
      strings.count == memory.shape.reduce(1, *),
      "\(strings.count) strings do not fill shape \(memory.shape) of \(path).")
    let type = try Handle.stringType(path: path)
    try writeStrings(strings, "H5Dwrite", path) { strings in
      unsafe H5Dwrite(handle.id, type.id, memory.id, file.id, CHDF5_P_DEFAULT(), strings)
    }
  }

  /// Reads all strings, or those of a block, in row-major order.
  public borrowing func readStrings(in block: Hyperslab? = nil) throws(HDF5Error) -> [String] {
    let file = try fileSpace()
    if let block { try file.select(block) }
    let memory = try Dataspace(shape: block?.count ?? file.shape, path: path)
    let type = try datatype()
    return try HDF5.readStrings(type, memory, "H5Dread", path) { buffer in
      unsafe H5Dread(handle.id, type.id, memory.id, file.id, CHDF5_P_DEFAULT(), buffer)
    }
  }
}
