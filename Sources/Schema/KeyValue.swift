/// The value of a key.
public enum KeyValue: Hashable, Sendable {
  /// True or false.
  case flag(Bool)
  /// A whole number.
  case integer(Int)
  /// A number.
  case real(Double)
  /// A text, or a word that stands in the place of a number.
  case text(String)
  /// A list of whole numbers.
  case integers([Int])
  /// A list of numbers.
  case reals([Double])
}

extension KeyValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral
{
  /// True or false.
  public init(booleanLiteral value: Bool) { self = .flag(value) }
  /// A whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A number.
  public init(floatLiteral value: Double) { self = .real(value) }
  /// A text.
  public init(stringLiteral value: String) { self = .text(value) }
}

extension KeyValue {
  /// The value as it would be written in a job file.
  package var text: String {
    switch self {
    case .flag(let flag): "\(flag)"
    case .integer(let integer): "\(integer)"
    case .real(let real): real.compact
    case .text(let text): text
    case .integers(let integers): "[" + integers.map(\.description).joined(separator: ", ") + "]"
    case .reals(let reals): "[" + reals.map(\.compact).joined(separator: ", ") + "]"
    }
  }
}

// MARK: - As a text between processes

extension KeyValue {
  /// The value as a text that says its kind as well, and reads back as the same value.
  package var code: String {
    switch self {
    case .flag(let flag): "f\(flag)"
    case .integer(let integer): "i\(integer)"
    case .real(let real): "r\(real)"
    case .text(let text): "t\(text)"
    case .integers(let integers): "I" + integers.map(\.description).joined(separator: " ")
    case .reals(let reals): "R" + reals.map(\.description).joined(separator: " ")
    }
  }

  /// Reads a value back from its `code`; nil where it is none.
  package init?(code: String) {
    // By scalars: a text may begin with an accent, which belongs to the character before it.
    let text = String(code.unicodeScalars.dropFirst())
    let value: KeyValue? =
      switch code.unicodeScalars.first {
      case "f": Bool(text).map(KeyValue.flag)
      case "i": Int(text).map(KeyValue.integer)
      case "r": Double(text).map(KeyValue.real)
      case "t": .text(text)
      case "I": Self.list(text) { Int($0) }.map(KeyValue.integers)
      case "R": Self.list(text) { Double($0) }.map(KeyValue.reals)
      default: nil
      }
    guard let value else { return nil }
    self = value
  }

  private static func list<Element>(_ text: String, _ read: (Substring) -> Element?) -> [Element]? {
    let words = text.split(separator: " ")
    let elements = words.compactMap(read)
    return elements.count == words.count ? elements : nil
  }
}

extension Double {
  /// The shortest text that reads back as this number, without a trailing ".0" or zeros in the exponent.
  package var compact: String {
    let text = description
    let parts = text.split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]) else { return Self.trim(text) }
    return "\(Self.trim(String(parts[0])))e\(exponent)"
  }

  private static func trim(_ text: String) -> String {
    text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

// MARK: - Values as types of the program

/// A type that a key may stand for.
package protocol SettingValue: Sendable {
  /// The value of a key of a kind; nil where it does not stand for one of this type.
  init?(_ value: KeyValue, of kind: KeyKind)

  /// What is written for it.
  func keyValue(of kind: KeyKind) -> KeyValue
}

extension Bool: SettingValue {
  package init?(_ value: KeyValue, of kind: KeyKind) {
    switch value {
    case .flag(let flag): self = flag
    case .text(let word): self.init(word)
    default: return nil
    }
  }

  package func keyValue(of kind: KeyKind) -> KeyValue { kind == .flag ? .flag(self) : .text("\(self)") }
}

extension Int: SettingValue {
  package init?(_ value: KeyValue, of kind: KeyKind) {
    guard case .integer(let integer) = value else { return nil }
    self = integer
  }

  package func keyValue(of kind: KeyKind) -> KeyValue { .integer(self) }
}

extension UInt64: SettingValue {
  package init?(_ value: KeyValue, of kind: KeyKind) {
    guard case .integer(let integer) = value else { return nil }
    self.init(exactly: integer)
  }

  package func keyValue(of kind: KeyKind) -> KeyValue { .integer(Int(self)) }
}

extension Double: SettingValue {
  package init?(_ value: KeyValue, of kind: KeyKind) {
    guard case .real(let real) = value else { return nil }
    self = real
  }

  package func keyValue(of kind: KeyKind) -> KeyValue { .real(self) }
}

extension String: SettingValue {
  package init?(_ value: KeyValue, of kind: KeyKind) {
    guard case .text(let text) = value else { return nil }
    self = text
  }

  package func keyValue(of kind: KeyKind) -> KeyValue { .text(self) }
}

/// A type of which a key may hold a list.
package protocol SettingElement: Sendable {
  /// The list that a value is; nil where it is none of this type.
  static func list(_ value: KeyValue) -> [Self]?

  /// A list as the value of a key.
  static func value(_ list: [Self]) -> KeyValue
}

extension Int: SettingElement {
  package static func list(_ value: KeyValue) -> [Int]? {
    if case .integers(let integers) = value { integers } else { nil }
  }

  package static func value(_ list: [Int]) -> KeyValue { .integers(list) }
}

extension Double: SettingElement {
  package static func list(_ value: KeyValue) -> [Double]? {
    if case .reals(let reals) = value { reals } else { nil }
  }

  package static func value(_ list: [Double]) -> KeyValue { .reals(list) }
}

extension Array: SettingValue where Element: SettingElement {
  package init?(_ value: KeyValue, of kind: KeyKind) {
    guard let list = Element.list(value) else { return nil }
    self = list
  }

  package func keyValue(of kind: KeyKind) -> KeyValue { Element.value(self) }
}

extension SettingValue where Self: RawRepresentable<String> {
  package init?(_ value: KeyValue, of kind: KeyKind) {
    guard case .text(let word) = value else { return nil }
    self.init(rawValue: word)
  }

  package func keyValue(of kind: KeyKind) -> KeyValue { .text(rawValue) }
}

/// Nil is the first word that the key takes in the place of a value.
extension Optional: SettingValue where Wrapped: SettingValue {
  package init?(_ value: KeyValue, of kind: KeyKind) {
    if value == kind.absence {
      self = .none
    } else if let wrapped = Wrapped(value, of: kind) {
      self = .some(wrapped)
    } else {
      return nil
    }
  }

  package func keyValue(of kind: KeyKind) -> KeyValue {
    guard let value = self?.keyValue(of: kind) ?? kind.absence else {
      preconditionFailure("The key takes no word that stands for nothing.")
    }
    return value
  }
}
