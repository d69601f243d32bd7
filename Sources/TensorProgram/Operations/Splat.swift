/// `splat() -> T`: a constant tensor, whose derivative is zero.
struct SplatRules: OperationRules {
  let constant: Double
  let type: TensorType

  func text(_ operands: [String]) -> String { "splat(\(constant))" }

  func resultType(_ operands: [TensorType]) throws(IllTyped) -> TensorType {
    guard operands.isEmpty else { throw IllTyped("takes no operand, not \(operands.count)") }
    return type
  }

  func evaluate(_ operands: [Tensor], type: TensorType) -> [Double] {
    [Double](repeating: constant, count: type.count)
  }
}
