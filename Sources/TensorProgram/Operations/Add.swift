/// `a + b`, linear in both.
struct AddRules: OperationRules {
  func text(_ operands: [String]) -> String { "add(\(operands[0]), \(operands[1]))" }

  func resultType(_ operands: [TensorType]) throws(IllTyped) -> TensorType { try commonType(operands) }

  func evaluate(_ operands: [Tensor], type: TensorType) -> [Double] {
    zip(operands[0].elements, operands[1].elements).map { $0 + $1 }
  }

  /// `c + b = offset`, `a + a = 2a`, `a + (-b) = a - b`, and operands in one order.
  func simplify(_ operands: [Value], type: TensorType, in builder: inout ProgramBuilder) -> Value? {
    let (a, b) = (operands[0], operands[1])
    if let constant = builder.constant(a) { return builder.offset(b, by: constant) }
    if let constant = builder.constant(b) { return builder.offset(a, by: constant) }
    if a == b { return builder.scale(a, by: 2) }
    if let negated = builder.negated(b) { return builder.subtract(a, negated) }
    if let negated = builder.negated(a) { return builder.subtract(b, negated) }
    return a.index > b.index ? builder.add(b, a) : nil
  }

  func linearize(
    _ operands: [Value], result: Value, tangents: [Tangent?], in builder: inout ProgramBuilder
  ) -> Tangent? {
    builder.sum(tangents[0], tangents[1])
  }

  func transpose(
    _ cotangent: Value, to index: Int, type: TensorType, known: [Value?], in builder: inout ProgramBuilder
  ) -> Value {
    cotangent
  }
}
