package import Problems

/// Something that a job sets by keys, each of which is bound to one of its properties.
package protocol Configurable: Sendable {
  /// What it is where no key is written.
  static var standard: Self { get }

  /// The keys and their properties, in the order of the documentation.
  static var bindings: [Binding<Self>] { get }
}

extension Configurable {
  /// Its keys with their defaults, which are the values of `standard`.
  package static var keys: [Key] { bindings.map { $0.key(Self.standard) } }

  /// The properties as settings.
  package var settings: Settings {
    Settings(Dictionary(uniqueKeysWithValues: Self.bindings.map { ($0.key(self).path, $0.value(self)) }))
  }

  /// Reads the properties from the settings of a run.
  package init(_ settings: Settings) {
    self = Self.standard
    for binding in Self.bindings { binding.read(settings, &self) }
  }

  /// Throws where a property is not what its key may hold: for those who set it themselves.
  package func checkRanges() throws(Problem) {
    for binding in Self.bindings {
      let (key, value) = (binding.key(self), binding.value(self))
      if !key.kind.contains(value) {
        throw Problem(key.path, "is \(value.text)", remedy: "give \(key.kind.summary)")
      }
    }
  }
}

/// A key and the property that it sets.
package struct Binding<Root: Sendable>: Sendable {
  fileprivate let key: @Sendable (_ standard: Root) -> Key
  fileprivate let value: @Sendable (Root) -> KeyValue
  fileprivate let read: @Sendable (Settings, inout Root) -> Void

  /// Binds a property to a key; one that is required has no default.
  package init<Value: SettingValue>(
    _ property: any WritableKeyPath<Root, Value> & Sendable, _ key: Key, isRequired: Bool = false
  ) {
    let value: @Sendable (Root) -> KeyValue = { $0[keyPath: property].keyValue(of: key.kind) }
    self.value = value
    self.key = { key.with(default: isRequired ? nil : value($0)) }
    read = { settings, root in root[keyPath: property] = settings.value(key) }
  }

  /// Binds the properties of a part of something.
  package init<Part>(_ part: any WritableKeyPath<Root, Part> & Sendable, _ binding: Binding<Part>) {
    key = { binding.key($0[keyPath: part]) }
    value = { binding.value($0[keyPath: part]) }
    read = { settings, root in binding.read(settings, &root[keyPath: part]) }
  }
}

/// One of the choices for a section's `name`.
package struct Variant<Whole>: Sendable {
  package let name: String
  package let keys: [Key]
  package let make: @Sendable (Settings) -> Whole

  /// A choice whose keys are those of a type.
  package init<Choice: Configurable>(
    _ name: String, _ choice: Choice.Type, _ whole: @escaping @Sendable (Choice) -> Whole
  ) {
    (self.name, keys) = (name, choice.keys)
    make = { whole(choice.init($0)) }
  }
}

extension [Key] {
  /// The keys of a section whose `name` chooses one of some variants.
  package init<Whole>(section: String, about: String, of variants: [Variant<Whole>]) {
    self.init(section: section, about: about, of: variants.map { ($0.name, $0.keys) })
  }
}

extension Settings {
  /// What the `name` of a section chooses.
  package func make<Whole>(_ section: String, of variants: [Variant<Whole>]) -> Whole {
    guard case .text(let name) = self[section + ".name"],
      let variant = variants.first(where: { $0.name == name })
    else { preconditionFailure("Jobs are checked before they are read: \(section) has no such name.") }
    return variant.make(self)
  }
}
