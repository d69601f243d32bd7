/// `a * b`, elementwise: `d(a b) = b da + a db`, linear in either.
struct MultiplyRules: OperationRules {
  func text(_ operands: [String]) -> String { "multiply(\(operands[0]), \(operands[1]))" }

  func resultType(_ operands: [TensorType]) throws(IllTyped) -> TensorType { try commonType(operands) }

  func evaluate(_ operands: [Tensor], type: TensorType) -> [Double] {
    zip(operands[0].elements, operands[1].elements).map { $0 * $1 }
  }

  /// `c b = scale`, and operands in one order.
  ///
  /// A scale of one operand stays where it is: pulled out, it would follow the tangents into linear programs,
  /// which run far more often than what they are linear around.
  func simplify(_ operands: [Value], type: TensorType, in builder: inout ProgramBuilder) -> Value? {
    let (a, b) = (operands[0], operands[1])
    if let constant = builder.constant(a) { return builder.scale(b, by: constant) }
    if let constant = builder.constant(b) { return builder.scale(a, by: constant) }
    return a.index > b.index ? builder.multiply(b, a) : nil
  }

  func linearize(
    _ operands: [Value], result: Value, tangents: [Tangent?], in builder: inout ProgramBuilder
  ) -> Tangent? {
    let left = builder.multiply(tangents[0], operands[1])
    let right = builder.multiply(tangents[1], operands[0])
    return builder.sum(left, right)
  }

  func transpose(
    _ cotangent: Value, to index: Int, type: TensorType, known: [Value?], in builder: inout ProgramBuilder
  ) -> Value {
    guard let other = known[1 - index] else {
      preconditionFailure("multiply is not linear in both operands.")
    }
    return builder.multiply(cotangent, other)
  }
}
