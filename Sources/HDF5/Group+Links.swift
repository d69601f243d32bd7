internal import CHDF5

/// How a group refers to one of its members.
public enum Link: Hashable, Sendable {
  /// The member belongs to the group.
  case hard
  /// The member stands at another place of the same file.
  case soft(target: String)
  /// The member stands in another file.
  case external(file: String, target: String)
  /// A kind that some program made up.
  case other
}

extension Group {
  /// How the group refers to the member of this name; nil where it has none.
  public borrowing func link(_ name: String) throws(HDF5Error) -> Link? {
    guard try contains(name) else { return nil }
    let path = path(of: name)
    var size = 0
    let kind = try call("H5Lget_info", path) { unsafe CHDF5_link_kind(handle.id, name, &size) }
    guard size > 0 else { return .hard }
    var value = [UInt8](repeating: 0, count: size)
    _ = try call("H5Lget_val", path) { unsafe H5Lget_val(handle.id, name, &value, size, CHDF5_P_DEFAULT()) }
    return Link(kind: kind, value: value)
  }

  /// Whether there is an object behind the name: a link may lead nowhere.
  public borrowing func reaches(_ name: String) -> Bool {
    let found = try? call("H5Oexists_by_name", path(of: name)) {
      unsafe H5Oexists_by_name(handle.id, name, CHDF5_P_DEFAULT())
    }
    return found ?? 0 > 0
  }
}

extension Link {
  /// The value of an external link is a byte of flags, then two strings, each with a zero at its end.
  fileprivate init(kind: CInt, value: [UInt8]) {
    switch kind {
    case H5L_TYPE_SOFT.rawValue: self = .soft(target: Self.text(value[...]))
    case H5L_TYPE_EXTERNAL.rawValue:
      let texts = value.dropFirst().split(separator: 0).map { Self.text($0) }
      self = .external(file: texts.first ?? "", target: texts.dropFirst().first ?? "")
    default: self = .other
    }
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}
