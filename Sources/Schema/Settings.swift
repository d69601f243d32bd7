/// Values by dotted key.
package protocol KeyedValues {
  /// The value of a key; nil where it has none.
  subscript(path: String) -> KeyValue? { get }
}

/// The settings of one run: every key that exists for it, with its value.
package struct Settings: KeyedValues, Hashable, Sendable {
  package private(set) var byPath: [String: KeyValue]

  package init(_ byPath: [String: KeyValue]) { self.byPath = byPath }

  package subscript(path: String) -> KeyValue? { byPath[path] }

  /// Gives a key another value.
  package mutating func replace(_ path: String, by value: KeyValue) { byPath[path] = value }

  /// The value of a key that exists for the run, as the type that its kind stands for.
  package func value<Value: SettingValue>(_ key: Key, as _: Value.Type = Value.self) -> Value {
    guard let value = self[key.path].flatMap({ Value($0, of: key.kind) }) else {
      preconditionFailure("'\(key.path)' has no value, or not one that is read as \(Value.self).")
    }
    return value
  }
}
