// What a key of a job file may hold. Instances stand in KeyRegistry.swift.

import Datasets
import Optimizers

/// The value of a key after parsing.
enum KeyValue: Hashable, Sendable {
  case flag(Bool)
  case integer(Int)
  case real(Double)
  case text(String)
  case integers([Int])
  case reals([Double])
}

extension KeyValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral
{
  init(booleanLiteral value: Bool) { self = .flag(value) }
  init(integerLiteral value: Int) { self = .integer(value) }
  init(floatLiteral value: Double) { self = .real(value) }
  init(stringLiteral value: String) { self = .text(value) }
}

extension KeyValue {
  /// The value of a hyper-parameter as a key has it.
  init(_ value: HyperparameterValue) {
    switch value {
    case .real(let real): self = .real(real)
    case .flag(let flag): self = .flag(flag)
    case .integer(let integer): self = .integer(integer)
    case .none: self = .text("none")
    }
  }
}

extension HyperparameterValue {
  /// The value of a key as a hyper-parameter has it: `none` is the only word.
  init(_ value: KeyValue) {
    switch value {
    case .real(let real): self = .real(real)
    case .flag(let flag): self = .flag(flag)
    case .integer(let integer): self = .integer(integer)
    case .text, .integers, .reals: self = .none
    }
  }
}

/// A range of real numbers with open or closed ends.
struct Interval: Hashable, Sendable {
  var lower = -Double.infinity
  var upper = Double.infinity
  var includesLower = false
  var includesUpper = false

  static let positive = Interval(lower: 0)
  static let nonNegative = Interval(lower: 0, includesLower: true)
  /// [0, 1): decay rates of averages.
  static let decay = Interval(lower: 0, upper: 1, includesLower: true)
  /// (0, 1]: fractions.
  static let fraction = Interval(lower: 0, upper: 1, includesUpper: true)

  func contains(_ value: Double) -> Bool {
    (includesLower ? value >= lower : value > lower) && (includesUpper ? value <= upper : value < upper)
  }
}

/// The kind and range of a key's value.
enum KeyKind: Hashable, Sendable {
  case flag
  /// Any text that is not empty.
  case text
  /// A file or directory.
  case path
  case choice([String])
  /// A whole number, or one of some words.
  case integer(ClosedRange<Int>, or: [String] = [])
  /// A power of two, or one of some words.
  case powerOfTwo(or: [String])
  case real(Interval, or: [String] = [])
  /// A list of whole numbers.
  case integers(ClosedRange<Int>)
  /// A list of real numbers, or one of some words.
  case reals(Interval, or: [String] = [])

  /// The words that it takes: choices, or what stands in the place of a number.
  var words: [String] {
    switch self {
    case .flag: ["true", "false"]
    case .choice(let names): names
    case .integer(_, let words), .powerOfTwo(let words), .real(_, let words), .reals(_, let words): words
    case .text, .path, .integers: []
    }
  }

  /// True for whole numbers.
  var isWhole: Bool {
    switch self {
    case .integer, .powerOfTwo, .integers: true
    default: false
    }
  }

  /// True for keys whose single value is written as a list.
  var isList: Bool {
    switch self {
    case .integers, .reals: true
    default: false
    }
  }
}

/// A key of a job file: its name, what it may hold, its default, and what it is for.
struct Key: Sendable {
  /// Whether a key belongs to each run or to the sweep as a whole.
  enum Scope: Sendable {
    case run
    case sweep
  }

  /// The default of a key, for every choice of its section's `name` or for one.
  struct Default: Sendable {
    /// The `name` of the section for which the key exists; nil: the key always exists.
    var variant: String?
    /// The value where the key is not written; nil: it must be written.
    var value: KeyValue?

    static let required = Default(variant: nil, value: nil)
    static func value(_ value: KeyValue) -> Default { Default(variant: nil, value: value) }
    static func of(_ variant: String, _ value: KeyValue?) -> Default {
      Default(variant: variant, value: value)
    }
  }

  /// The dotted name, such as `optimizer.momentum`.
  let path: String
  /// The section it stands in; empty at the top.
  let section: String
  /// The last part of the path.
  let name: String
  let kind: KeyKind
  let defaults: [Default]
  let scope: Scope
  /// One sentence for jobs/README.md.
  let about: String

  init(
    _ path: String, _ kind: KeyKind, _ defaults: Default..., scope: Scope = .run, about: String
  ) {
    self.init(path, kind, defaults, scope: scope, about: about)
  }

  init(_ path: String, _ kind: KeyKind, _ defaults: [Default], scope: Scope = .run, about: String) {
    self.path = path
    let parts = path.split(separator: ".").map(String.init)
    section = parts.dropLast().joined(separator: ".")
    name = parts.last ?? ""
    self.kind = kind
    self.defaults = defaults
    self.scope = scope
    self.about = about
  }

  /// Whether it exists, or has its default, only for some choices of the section's `name`.
  var belongsToName: Bool { defaults.contains { $0.variant != nil } }

  /// Its default for a choice of the section's `name`; nil where it does not exist for that choice.
  func defaultValue(variant: String?) -> Default? {
    defaults.first { $0.variant == nil || $0.variant == variant }
  }
}
