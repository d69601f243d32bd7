/// The same elements in another shape; its transpose restores the shape.
struct ReshapeRules: OperationRules {
  let shape: [Int]

  func text(_ operands: [String]) -> String { "reshape(\(operands[0]))" }

  func resultType(_ operands: [TensorType]) throws(IllTyped) -> TensorType {
    let operand = try onlyType(operands)
    let result = TensorType(shape, operand.scalar)
    guard result.count == operand.count, shape.allSatisfy({ $0 > 0 }) else {
      throw IllTyped("cannot make \(shape) of \(operand)")
    }
    return result
  }

  func evaluate(_ operands: [Tensor], type: TensorType) -> [Double] { operands[0].elements }

  /// Drops what changes nothing, folds constants, merges with a reshape below.
  func simplify(_ operands: [Value], type: TensorType, in builder: inout ProgramBuilder) -> Value? {
    if builder.type(of: operands[0]) == type { return operands[0] }
    guard let definition = builder.definition(of: operands[0]) else { return nil }
    switch definition.operation {
    case .splat(let constant, _): return builder.splat(constant, type)
    case .reshape: return builder.reshape(definition.operands[0], to: shape)
    default: return nil
    }
  }

  func linearize(
    _ operands: [Value], result: Value, tangents: [Tangent?], in builder: inout ProgramBuilder
  ) -> Tangent? {
    builder.linearMap(tangents[0]) { $1.reshape($0, to: shape) }
  }

  func transpose(
    _ cotangent: Value, to index: Int, type: TensorType, known: [Value?], in builder: inout ProgramBuilder
  ) -> Value {
    builder.reshape(cotangent, to: type.shape)
  }
}
