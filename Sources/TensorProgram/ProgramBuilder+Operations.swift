// One method per operation, so that programs read as formulas.

extension ProgramBuilder {
  /// A tensor whose elements are all `constant`.
  public mutating func splat(_ constant: Double, _ type: TensorType) -> Value {
    append(.splat(constant, type), [])
  }

  /// The matrix product; a flag says that the operand is stored transposed.
  public mutating func matmul(
    _ left: Value, _ right: Value, transposeLeft: Bool = false, transposeRight: Bool = false
  ) -> Value {
    append(.matmul(transposeLeft: transposeLeft, transposeRight: transposeRight), [left, right])
  }

  /// `a + b`, elementwise.
  public mutating func add(_ a: Value, _ b: Value) -> Value { append(.add, [a, b]) }

  /// `a - b`, elementwise.
  public mutating func subtract(_ a: Value, _ b: Value) -> Value { append(.subtract, [a, b]) }

  /// `a * b`, elementwise.
  public mutating func multiply(_ a: Value, _ b: Value) -> Value { append(.multiply, [a, b]) }

  /// `factor * a`.
  public mutating func scale(_ a: Value, by factor: Double) -> Value { append(.scale(factor), [a]) }

  /// `a + constant`.
  public mutating func offset(_ a: Value, by constant: Double) -> Value { append(.offset(constant), [a]) }

  /// Repeats `a` to `shape`: axis `i` of `a` becomes axis `axes[i]`.
  public mutating func broadcast(_ a: Value, to shape: [Int], axes: [Int]) -> Value {
    append(.broadcast(shape: shape, axes: axes), [a])
  }

  /// The sum over `axes`, or over all.
  public mutating func sum(_ a: Value, axes: [Int]? = nil) -> Value {
    append(.sum(axes: axes ?? Array(type(of: a).shape.indices)), [a])
  }

  /// An elementwise function.
  public mutating func map(_ function: ElementwiseFunction, _ a: Value) -> Value {
    append(.map(function), [a])
  }

  /// `log(sum(exp(a)))` over the last axis.
  public mutating func logSumExp(_ a: Value) -> Value { append(.logSumExp, [a]) }
}
