/// `a + c` for a constant `c`: affine, so its tangent passes through and it has no transpose.
struct OffsetRules: OperationRules {
  let constant: Double

  func text(_ operands: [String]) -> String { "offset(\(operands[0]), by: \(constant))" }

  func resultType(_ operands: [TensorType]) throws(IllTyped) -> TensorType { try onlyType(operands) }

  func evaluate(_ operands: [Tensor], type: TensorType) -> [Double] {
    operands[0].elements.map { $0 + constant }
  }

  /// Drops `a + 0`, folds constants, merges with an offset below.
  func simplify(_ operands: [Value], type: TensorType, in builder: inout ProgramBuilder) -> Value? {
    if constant == 0 { return operands[0] }
    guard let definition = builder.definition(of: operands[0]) else { return nil }
    switch definition.operation {
    case .splat(let inner, _): return builder.splat(inner + constant, type)
    case .offset(let inner): return builder.offset(definition.operands[0], by: inner + constant)
    default: return nil
    }
  }

  func linearize(
    _ operands: [Value], result: Value, tangents: [Tangent?], in builder: inout ProgramBuilder
  ) -> Tangent? {
    tangents[0]
  }
}
