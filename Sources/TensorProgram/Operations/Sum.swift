/// Sums over axes; its transpose repeats along them.
struct SumRules: OperationRules {
  let axes: [Int]

  func text(_ operands: [String]) -> String { "sum(\(operands[0]), axes: \(axes))" }

  func resultType(_ operands: [TensorType]) throws(IllTyped) -> TensorType {
    let operand = try onlyType(operands)
    try checkAxes(axes, rank: operand.shape.count)
    let kept = remainingAxes(axes, rank: operand.shape.count)
    return TensorType(kept.map { operand.shape[$0] }, operand.scalar)
  }

  func evaluate(_ operands: [Tensor], type: TensorType) -> [Double] {
    let shape = operands[0].shape
    var sums = [Double](repeating: 0, count: type.count)
    let targets = projectedIndices(shape: shape, axes: remainingAxes(axes, rank: shape.count))
    for (element, target) in zip(operands[0].elements, targets) { sums[target] += element }
    return sums
  }

  /// Drops what sums nothing, folds constants, merges with a sum below, and moves below a scale.
  func simplify(_ operands: [Value], type: TensorType, in builder: inout ProgramBuilder) -> Value? {
    if axes.isEmpty { return operands[0] }
    guard let definition = builder.definition(of: operands[0]) else { return nil }
    switch definition.operation {
    case .splat(let constant, let inner):
      return builder.splat(constant * Double(inner.count / type.count), type)
    case .scale(let factor):
      let sum = builder.sum(definition.operands[0], axes: axes)
      return builder.scale(sum, by: factor)
    case .sum(let inner):
      let source = definition.operands[0]
      let kept = remainingAxes(inner, rank: builder.type(of: source).shape.count)
      return builder.sum(source, axes: (inner + axes.map { kept[$0] }).sorted())
    default:
      return nil
    }
  }

  func linearize(
    _ operands: [Value], result: Value, tangents: [Tangent?], in builder: inout ProgramBuilder
  ) -> Tangent? {
    builder.linearMap(tangents[0]) { $1.sum($0, axes: axes) }
  }

  func transpose(
    _ cotangent: Value, to index: Int, type: TensorType, known: [Value?], in builder: inout ProgramBuilder
  ) -> Value {
    builder.broadcast(cotangent, to: type.shape, axes: remainingAxes(axes, rank: type.shape.count))
  }
}
