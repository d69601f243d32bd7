internal import CHDF5

/// What the elements of a dataset are in its file, told apart as far as a user needs it.
public enum StoredType: Hashable, Sendable {
  /// Whole numbers, in either byte order.
  case integer(bits: Int, signed: Bool)
  /// Floating-point numbers of any format, in either byte order.
  case real(bits: Int)
  /// Two numbers with the names FALSE and TRUE, as h5py stores truth values.
  case boolean
  /// Whole numbers with names.
  case enumeration
  /// Anything that is not a number, in a word.
  case other(String)

  /// Whether the elements are whole numbers, with or without names.
  public var isInteger: Bool {
    switch self {
    case .integer, .boolean, .enumeration: true
    case .real, .other: false
    }
  }

  /// Whether the library converts the elements to `Double`.
  public var isNumber: Bool {
    if case .other = self { false } else { true }
  }
}

extension StoredType: CustomStringConvertible {
  /// The name NumPy has for the type, such as `uint16`, or a word for what is not a number.
  public var description: String {
    switch self {
    case .integer(let bits, let signed): "\(signed ? "int" : "uint")\(bits)"
    case .real(let bits): "float\(bits)"
    case .boolean: "bool"
    case .enumeration: "enum"
    case .other(let word): word
    }
  }
}

extension StoredType {
  init(of type: borrowing Handle) {
    let bits = 8 * H5Tget_size(type.id)
    switch H5Tget_class(type.id) {
    case H5T_INTEGER: self = .integer(bits: bits, signed: H5Tget_sign(type.id) == H5T_SGN_2)
    case H5T_FLOAT: self = .real(bits: bits)
    case H5T_ENUM: self = type.memberNames == ["FALSE", "TRUE"] ? .boolean : .enumeration
    case H5T_COMPOUND: self = .other("compound (\(type.memberNames.joined(separator: ", ")))")
    case H5T_STRING: self = .other("text")
    case H5T_ARRAY: self = .other("arrays")
    case H5T_VLEN: self = .other("rows of different lengths")
    case H5T_REFERENCE: self = .other("references")
    default: self = .other("bytes without a number type")
    }
  }
}

extension Handle {
  /// The names of the members of a compound or of an enumeration.
  fileprivate var memberNames: [String] {
    (0..<UInt32(max(H5Tget_nmembers(id), 0))).map { index in
      guard let name = unsafe H5Tget_member_name(id, index) else { return "?" }
      defer { _ = unsafe H5free_memory(name) }
      return unsafe String(cString: name)
    }
  }
}
