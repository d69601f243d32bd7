internal import CHDF5

/// The type of the elements of a dataset or an attribute, as stored in the file.
public enum ElementType: Hashable, Sendable {
  case double, float, int64, int32, int8, uint8
  /// Strings, of variable or of fixed length.
  case string
  /// Anything else; numbers of other widths can be read as one of the types above all the same.
  case other
}

/// A number that can stand in a dataset or an attribute.
public protocol HDF5Scalar: BitwiseCopyable, Sendable {
  /// The type that values are stored as.
  static var elementType: ElementType { get }
  /// The value that a buffer holds before it is read into.
  static var zero: Self { get }
}

extension Double: HDF5Scalar {
  /// The type that values are stored as.
  public static var elementType: ElementType { .double }
}
extension Float: HDF5Scalar {
  /// The type that values are stored as.
  public static var elementType: ElementType { .float }
}
extension Int64: HDF5Scalar {
  /// The type that values are stored as.
  public static var elementType: ElementType { .int64 }
}
extension Int32: HDF5Scalar {
  /// The type that values are stored as.
  public static var elementType: ElementType { .int32 }
}
extension Int8: HDF5Scalar {
  /// The type that values are stored as.
  public static var elementType: ElementType { .int8 }
}
extension UInt8: HDF5Scalar {
  /// The type that values are stored as.
  public static var elementType: ElementType { .uint8 }
}

extension HDF5Scalar {
  /// The library's own identifier of the type, never to be closed.
  static var nativeType: hid_t {
    HDF5Library.prepare
    return switch elementType {
    case .double: CHDF5_T_NATIVE_DOUBLE()
    case .float: CHDF5_T_NATIVE_FLOAT()
    case .int64: CHDF5_T_NATIVE_INT64()
    case .int32: CHDF5_T_NATIVE_INT32()
    case .int8: CHDF5_T_NATIVE_INT8()
    case .uint8: CHDF5_T_NATIVE_UINT8()
    case .string, .other: preconditionFailure("\(Self.self) is not a number.")
    }
  }
}

extension ElementType {
  /// Tells which type an identifier of a datatype stands for.
  init(of datatype: borrowing Handle) {
    let size = H5Tget_size(datatype.id)
    switch (H5Tget_class(datatype.id), size) {
    case (H5T_FLOAT, 8): self = .double
    case (H5T_FLOAT, 4): self = .float
    case (H5T_INTEGER, _): self = Self.integer(size: size, signed: H5Tget_sign(datatype.id) == H5T_SGN_2)
    case (H5T_STRING, _): self = .string
    default: self = .other
    }
  }

  private static func integer(size: Int, signed: Bool) -> ElementType {
    switch (size, signed) {
    case (8, true): .int64
    case (4, true): .int32
    case (1, true): .int8
    case (1, false): .uint8
    default: .other
    }
  }
}
