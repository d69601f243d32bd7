/// The mean over every position of a window, plane by plane, or its adjoint, which spreads each mean's share back.
struct AveragePoolingRules: OperationRules {
  let window: SlidingWindow
  let isAdjoint: Bool

  func text(_ operands: [String]) -> String {
    "averagePool\(isAdjoint ? "^T" : "")(\(operands[0]), \(window.poolingText))"
  }

  func resultType(_ operands: [TensorType]) throws(IllTyped) -> TensorType {
    let operand = try onlyType(operands)
    try window.checkPooling()
    return try isAdjoint
      ? window.pooled(operand, from: window.outputPlane, to: window.inputPlane)
      : window.pooled(operand, from: window.inputPlane, to: window.outputPlane)
  }

  func evaluate(_ operands: [Tensor], type: TensorType) -> [Double] {
    var results = [Double](repeating: 0, count: type.count)
    let share = 1 / Double(window.windowHeight * window.windowWidth)
    window.forEachPosition(planes: window.planes(of: operands[0].elements, pooled: isAdjoint)) {
      output, seen in
      for pixel in seen {
        if isAdjoint {
          results[pixel] += share * operands[0].elements[output]
        } else {
          results[output] += share * operands[0].elements[pixel]
        }
      }
    }
    return results
  }

  func simplify(_ operands: [Value], type: TensorType, in builder: inout ProgramBuilder) -> Value? {
    builder.isZero(operands[0]) ? builder.splat(0, type) : nil
  }

  func linearize(
    _ operands: [Value], result: Value, tangents: [Tangent?], in builder: inout ProgramBuilder
  ) -> Tangent? {
    builder.linearMap(tangents[0]) { $1.append(.averagePool(window, adjoint: isAdjoint), [$0]) }
  }

  func transpose(
    _ cotangent: Value, to index: Int, type: TensorType, known: [Value?], in builder: inout ProgramBuilder
  ) -> Value {
    builder.append(.averagePool(window, adjoint: !isAdjoint), [cotangent])
  }
}
