/// A tangent in the form `coefficient * direction`, elementwise; nil stands for zero.
///
/// Coefficients do not depend on tangents. Kept apart, they are multiplied and added among themselves along a
/// chain of elementwise operations, so that any activation costs a linear program a single product, whose
/// factor is computed once with the function itself.
struct Tangent {
  var coefficient: Value
  var direction: Value
}

extension ProgramBuilder {
  /// The tangent `coefficient * direction`, with coefficient 1 if none is given.
  mutating func tangent(_ direction: Value, coefficient: Value? = nil) -> Tangent? {
    let coefficient = coefficient ?? splat(1, type(of: direction))
    if isZero(coefficient) || isZero(direction) { return nil }
    return Tangent(coefficient: coefficient, direction: direction)
  }

  /// The tangent multiplied out.
  mutating func value(of tangent: Tangent) -> Value { multiply(tangent.coefficient, tangent.direction) }

  /// `factor * tangent`, elementwise.
  mutating func multiply(_ tangent: Tangent?, _ factor: Value) -> Tangent? {
    tangent.flatMap { self.tangent($0.direction, coefficient: multiply($0.coefficient, factor)) }
  }

  /// `factor * tangent`.
  mutating func scale(_ tangent: Tangent?, by factor: Double) -> Tangent? {
    tangent.flatMap { self.tangent($0.direction, coefficient: scale($0.coefficient, by: factor)) }
  }

  /// The sum of two tangents.
  mutating func sum(_ a: Tangent?, _ b: Tangent?) -> Tangent? {
    guard let a, let b else { return a ?? b }
    if a.direction == b.direction {
      return tangent(a.direction, coefficient: add(a.coefficient, b.coefficient))
    }
    let (left, right) = (value(of: a), value(of: b))
    return tangent(add(left, right))
  }

  /// The image of a tangent under a linear map that is not elementwise.
  mutating func linearMap(
    _ tangent: Tangent?, _ map: (Value, inout ProgramBuilder) -> Value
  ) -> Tangent? {
    guard let tangent else { return nil }
    return self.tangent(map(value(of: tangent), &self))
  }
}
