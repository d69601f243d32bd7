internal import Glibc

/// `log(sum(exp(a)))` over the last axis.
///
///     d lse(a) = sum(p * da)        p = softmax(a) = exp(a - lse(a))
struct LogSumExpRules: OperationRules {
  func text(_ operands: [String]) -> String { "logSumExp(\(operands[0]))" }

  func resultType(_ operands: [TensorType]) throws(IllTyped) -> TensorType {
    let operand = try onlyType(operands)
    guard !operand.shape.isEmpty else { throw IllTyped("needs an axis to sum over, not a scalar") }
    return TensorType(operand.shape.dropLast(), operand.scalar)
  }

  func evaluate(_ operands: [Tensor], type: TensorType) -> [Double] {
    let elements = operands[0].elements
    let width = elements.count / type.count
    return (0..<type.count).map { row in
      let slice = elements[row * width..<(row + 1) * width]
      // Shifted by the largest element, so that no exponential overflows.
      guard !slice.contains(where: \.isNaN) else { return .nan }
      let largest = slice.reduce(-Double.infinity, max)
      guard largest.isFinite else { return largest }
      return largest + log(slice.reduce(0) { $0 + exp($1 - largest) })
    }
  }

  func linearize(
    _ operands: [Value], result: Value, tangents: [Tangent?], in builder: inout ProgramBuilder
  ) -> Tangent? {
    let shape = builder.type(of: operands[0]).shape
    let last = shape.count - 1
    let level = builder.broadcast(result, to: shape, axes: Array(0..<last))
    let logits = builder.subtract(operands[0], level)
    let softmax = builder.map(.exp, logits)
    let weighted = builder.multiply(tangents[0], softmax)
    return builder.linearMap(weighted) { $1.sum($0, axes: [last]) }
  }
}
