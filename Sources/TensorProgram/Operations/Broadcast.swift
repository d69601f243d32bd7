/// Repeats the operand along new axes; its transpose is the sum over them.
struct BroadcastRules: OperationRules {
  let shape: [Int]
  let axes: [Int]

  func text(_ operands: [String]) -> String { "broadcast(\(operands[0]), axes: \(axes))" }

  func resultType(_ operands: [TensorType]) throws(IllTyped) -> TensorType {
    let operand = try onlyType(operands)
    try checkAxes(axes, rank: shape.count)
    guard axes.map({ shape[$0] }) == operand.shape else {
      throw IllTyped("has axes \(axes) of \(shape), which do not have the operand's shape \(operand.shape)")
    }
    return TensorType(shape, operand.scalar)
  }

  func evaluate(_ operands: [Tensor], type: TensorType) -> [Double] {
    projectedIndices(shape: shape, axes: axes).map { operands[0].elements[$0] }
  }

  /// Drops what repeats nothing, folds constants, merges with a broadcast below.
  func simplify(_ operands: [Value], type: TensorType, in builder: inout ProgramBuilder) -> Value? {
    if axes.count == shape.count { return operands[0] }
    guard let definition = builder.definition(of: operands[0]) else { return nil }
    switch definition.operation {
    case .splat(let constant, _):
      return builder.splat(constant, type)
    case .broadcast(_, let inner):
      return builder.broadcast(definition.operands[0], to: shape, axes: inner.map { axes[$0] })
    default:
      return nil
    }
  }

  func linearize(
    _ operands: [Value], result: Value, tangents: [Tangent?], in builder: inout ProgramBuilder
  ) -> Tangent? {
    builder.linearMap(tangents[0]) { $1.broadcast($0, to: shape, axes: axes) }
  }

  func transpose(
    _ cotangent: Value, to index: Int, type: TensorType, known: [Value?], in builder: inout ProgramBuilder
  ) -> Value {
    builder.sum(cotangent, axes: remainingAxes(axes, rank: shape.count))
  }
}
