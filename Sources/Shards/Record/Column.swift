internal import Schema

/// The values of one variable in one run, row-major over the variable's dimensions after `run`.
public enum Column: Sendable {
  /// The values of a real variable.
  case reals([Double])
  /// The values of an integer variable.
  case integers([Int64])
  /// The values of a text variable.
  case texts([String])
  /// The values of a flag variable.
  case flags([Int8])

  /// How many values there are.
  public var count: Int {
    switch self {
    case .reals(let values): values.count
    case .integers(let values): values.count
    case .texts(let values): values.count
    case .flags(let values): values.count
    }
  }

  /// How many values are there, where those that are not stand as `kind` says.
  func presentCount(_ kind: Variable.Kind) -> Int {
    switch self {
    case .reals(let values): values.count { !$0.isNaN }
    case .integers(let values): values.count { $0 != kind.missingInteger }
    case .texts(let values): values.count { !$0.isEmpty }
    case .flags(let values): values.count { $0 != -1 }
    }
  }

  /// Whether no value is there.
  func isMissing(_ kind: Variable.Kind) -> Bool {
    switch self {
    case .reals(let values): values.allSatisfy(\.isNaN)
    case .integers(let values): values.allSatisfy { $0 == kind.missingInteger }
    case .texts(let values): values.allSatisfy(\.isEmpty)
    case .flags(let values): values.allSatisfy { $0 == -1 }
    }
  }

  /// A column without values in the type that belongs to a kind.
  static func fill(_ kind: Variable.Kind, count: Int) -> Column {
    switch kind {
    case .real, .weights: .reals(Array(repeating: .nan, count: count))
    case .integer, .count: .integers(Array(repeating: kind.missingInteger, count: count))
    case .text, .word: .texts(Array(repeating: "", count: count))
    case .flag: .flags(Array(repeating: -1, count: count))
    }
  }

  /// Whether the values are of the type that belongs to a kind.
  func fits(_ kind: Variable.Kind) -> Bool {
    switch (self, kind) {
    case (.reals, .real), (.integers, .integer), (.integers, .count), (.texts, .text), (.texts, .word),
      (.flags, .flag):
      true
    default: false
    }
  }
}

extension Variable.Kind {
  /// What stands where an integer is missing, or where nothing was counted.
  var missingInteger: Int64 { self == .count ? 0 : -1 }
}

/// The weights of a run in the precision they were computed in.
public enum Weights: Sendable {
  /// Weights of a run in single precision.
  case float([Float])
  /// Weights of a run in double precision.
  case double([Double])

  /// How many parameters there are.
  public var count: Int {
    switch self {
    case .float(let values): values.count
    case .double(let values): values.count
    }
  }

  /// Whether they are in double precision.
  public var isDouble: Bool {
    if case .double = self { true } else { false }
  }

  /// The weights in double precision, which holds the others exactly.
  public var doubles: [Double] {
    switch self {
    case .float(let values): values.map(Double.init)
    case .double(let values): values
    }
  }
}
