/// What something carries from step to step, by name: copied out and taken back, it goes on with the same bits.
public struct CarriedState<Scalar: RealScalar> {
  /// Single numbers.
  public var numbers: [String: Double] = [:]
  /// Vectors of any length; they may be the very ones in use.
  public var vectors: [String: Vector<Scalar>] = [:]

  /// Carries nothing yet.
  public init() {}

  /// The same with vectors of its own, which nobody changes.
  public var copied: CarriedState {
    var copy = self
    copy.vectors = vectors.mapValues(\.copied)
    return copy
  }

  /// A number that counts something; nil where there is none.
  public func count(_ name: String) -> Int? {
    numbers[name].flatMap(Int.init(exactly:)).flatMap { $0 >= 0 ? $0 : nil }
  }

  /// Joins what a part carries, under `name.`.
  public mutating func add(_ part: CarriedState, under name: String) {
    for (key, number) in part.numbers { numbers["\(name).\(key)"] = number }
    for (key, vector) in part.vectors { vectors["\(name).\(key)"] = vector }
  }

  /// What a part carries that stands under `name.`.
  public func part(_ name: String) -> CarriedState {
    var part = CarriedState()
    let prefix = name + "."
    for (key, number) in numbers where key.hasPrefix(prefix) {
      part.numbers[String(key.dropFirst(prefix.count))] = number
    }
    for (key, vector) in vectors where key.hasPrefix(prefix) {
      part.vectors[String(key.dropFirst(prefix.count))] = vector
    }
    return part
  }
}

/// Something that can be saved between two steps, and go on from there elsewhere.
public protocol Carrying<Scalar> {
  /// The number format of its vectors.
  associatedtype Scalar: RealScalar

  /// All that decides how it goes on, besides how it was made.
  var carried: CarriedState<Scalar> { get }

  /// Takes back what another one, made alike, has carried; the vectors are copied or never changed.
  ///
  /// - Returns: whether all was there and fits; if not, it may be left between two states.
  mutating func restore(_ state: CarriedState<Scalar>) -> Bool
}
