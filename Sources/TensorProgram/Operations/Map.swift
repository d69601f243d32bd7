internal import Glibc

/// An elementwise function: `d f(x) = f'(x) dx`, with `f'` in terms of the result where that is cheaper.
struct MapRules: OperationRules {
  let function: ElementwiseFunction

  func text(_ operands: [String]) -> String {
    switch function {
    case .clamp(let lower, let upper): "clamp(\(operands[0]), \(lower), \(upper))"
    case .within(let lower, let upper): "within(\(operands[0]), \(lower), \(upper))"
    default: "\(function)(\(operands[0]))"
    }
  }

  func resultType(_ operands: [TensorType]) throws(IllTyped) -> TensorType {
    switch function {
    case .clamp(let lower, let upper), .within(let lower, let upper):
      guard lower < upper else {
        throw IllTyped("needs a lower bound below the upper, not \(lower), \(upper)")
      }
    default: break
    }
    return try onlyType(operands)
  }

  func evaluate(_ operands: [Tensor], type: TensorType) -> [Double] {
    operands[0].elements.map(value)
  }

  private func value(_ x: Double) -> Double {
    switch function {
    case .tanh: Glibc.tanh(x)
    case .exp: Glibc.exp(x)
    case .log1p: Glibc.log1p(x)
    case .reciprocal: 1 / x
    case .expm1: Glibc.expm1(x)
    case .erf: Glibc.erf(x)
    case .sigmoid: x < 0 ? Glibc.exp(x) / (1 + Glibc.exp(x)) : 1 / (1 + Glibc.exp(-x))
    case .softplus: max(x, 0) + Glibc.log1p(Glibc.exp(-abs(x)))
    case .clamp(let lower, let upper): x < lower ? lower : x > upper ? upper : x
    case .within(let lower, let upper): lower < x && x < upper ? 1 : 0
    }
  }

  /// Folds constants.
  func simplify(_ operands: [Value], type: TensorType, in builder: inout ProgramBuilder) -> Value? {
    builder.constant(operands[0]).map { builder.splat(value($0), type) }
  }

  func linearize(
    _ operands: [Value], result: Value, tangents: [Tangent?], in builder: inout ProgramBuilder
  ) -> Tangent? {
    derivative(at: operands[0], result: result, in: &builder).flatMap { builder.multiply(tangents[0], $0) }
  }

  /// `f'(x)` from `x` and `y = f(x)`; nil where it is zero almost everywhere.
  private func derivative(at x: Value, result y: Value, in builder: inout ProgramBuilder) -> Value? {
    switch function {
    case .tanh:  // 1 - y^2
      let square = builder.multiply(y, y)
      let negative = builder.scale(square, by: -1)
      return builder.offset(negative, by: 1)
    case .exp:
      return y
    case .log1p:  // 1 / (1 + x)
      let shifted = builder.offset(x, by: 1)
      return builder.map(.reciprocal, shifted)
    case .reciprocal:  // -y^2
      let square = builder.multiply(y, y)
      return builder.scale(square, by: -1)
    case .expm1:  // y + 1
      return builder.offset(y, by: 1)
    case .erf:  // 2/sqrt(pi) exp(-x^2)
      let square = builder.multiply(x, x)
      let negative = builder.scale(square, by: -1)
      let bell = builder.map(.exp, negative)
      return builder.scale(bell, by: 2 / Double.pi.squareRoot())
    case .sigmoid:  // sigmoid(x) sigmoid(-x): y - y^2 would lose all digits where y is nearly 1
      let negative = builder.scale(x, by: -1)
      let rest = builder.map(.sigmoid, negative)
      return builder.multiply(y, rest)
    case .softplus:
      return builder.map(.sigmoid, x)
    case .clamp(let lower, let upper):
      return builder.map(.within(lower: lower, upper: upper), x)
    case .within:
      return nil
    }
  }
}
