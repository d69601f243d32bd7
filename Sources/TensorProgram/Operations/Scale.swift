/// `c * a` for a constant `c`.
struct ScaleRules: OperationRules {
  let factor: Double

  func text(_ operands: [String]) -> String { "scale(\(operands[0]), by: \(factor))" }

  func resultType(_ operands: [TensorType]) throws(IllTyped) -> TensorType { try onlyType(operands) }

  func evaluate(_ operands: [Tensor], type: TensorType) -> [Double] {
    operands[0].elements.map { factor * $0 }
  }

  /// Drops `1 a`, folds constants, merges with a scale below, turns `-(a - b)` around, and moves below a
  /// broadcast, where there is less to scale.
  func simplify(_ operands: [Value], type: TensorType, in builder: inout ProgramBuilder) -> Value? {
    if factor == 1 { return operands[0] }
    if factor == 0 { return builder.splat(0, type) }
    guard let definition = builder.definition(of: operands[0]) else { return nil }
    switch definition.operation {
    case .splat(let constant, _):
      return builder.splat(factor * constant, type)
    case .scale(let inner):
      return builder.scale(definition.operands[0], by: factor * inner)
    case .subtract where factor == -1:
      return builder.subtract(definition.operands[1], definition.operands[0])
    case .broadcast:
      let small = builder.scale(definition.operands[0], by: factor)
      return builder.append(definition.operation, [small])
    default:
      return nil
    }
  }

  func linearize(
    _ operands: [Value], result: Value, tangents: [Tangent?], in builder: inout ProgramBuilder
  ) -> Tangent? {
    builder.scale(tangents[0], by: factor)
  }

  func transpose(
    _ cotangent: Value, to index: Int, type: TensorType, known: [Value?], in builder: inout ProgramBuilder
  ) -> Value {
    builder.scale(cotangent, by: factor)
  }
}
