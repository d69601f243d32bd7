/// `a - b`, linear in both.
struct SubtractRules: OperationRules {
  func text(_ operands: [String]) -> String { "subtract(\(operands[0]), \(operands[1]))" }

  func resultType(_ operands: [TensorType]) throws(IllTyped) -> TensorType { try commonType(operands) }

  func evaluate(_ operands: [Tensor], type: TensorType) -> [Double] {
    zip(operands[0].elements, operands[1].elements).map { $0 - $1 }
  }

  /// `a - a = 0`, `a - c = offset`, `c - b = offset of -b`, `a - (-b) = a + b`.
  func simplify(_ operands: [Value], type: TensorType, in builder: inout ProgramBuilder) -> Value? {
    let (a, b) = (operands[0], operands[1])
    if a == b { return builder.splat(0, type) }
    if let constant = builder.constant(b) { return builder.offset(a, by: -constant) }
    if let constant = builder.constant(a) {
      let negative = builder.scale(b, by: -1)
      return builder.offset(negative, by: constant)
    }
    return builder.negated(b).map { builder.add(a, $0) }
  }

  func linearize(
    _ operands: [Value], result: Value, tangents: [Tangent?], in builder: inout ProgramBuilder
  ) -> Tangent? {
    let negative = builder.scale(tangents[1], by: -1)
    return builder.sum(tangents[0], negative)
  }

  func transpose(
    _ cotangent: Value, to index: Int, type: TensorType, known: [Value?], in builder: inout ProgramBuilder
  ) -> Value {
    index == 0 ? cotangent : builder.scale(cotangent, by: -1)
  }
}
