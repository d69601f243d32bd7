/// Everything the module knows about one operation.
///
/// Each conforming type stands alone in its file of this folder. What it leaves out has a default: an
/// operation that says nothing of its derivative is constant almost everywhere, one that says nothing of
/// its transpose is not linear.
protocol OperationRules {
  /// The application as text, for printing.
  func text(_ operands: [String]) -> String

  /// The type of the result, or why the operands do not fit.
  func resultType(_ operands: [TensorType]) throws(IllTyped) -> TensorType

  /// The slow reference: the elements of the result, row-major, in Double.
  func evaluate(_ operands: [Tensor], type: TensorType) -> [Double]

  /// A cheaper value equal to this application up to rounding, or nil where it is as simple as it gets.
  func simplify(_ operands: [Value], type: TensorType, in builder: inout ProgramBuilder) -> Value?

  /// The tangent of the result from the tangents of the operands; nil stands for zero.
  func linearize(
    _ operands: [Value], result: Value, tangents: [Tangent?], in builder: inout ProgramBuilder
  ) -> Tangent?

  /// What the result's cotangent adds to the cotangent of operand `index`, which has type `type`;
  /// `known` holds the operands the result is not linear in, and nil for the others.
  func transpose(
    _ cotangent: Value, to index: Int, type: TensorType, known: [Value?], in builder: inout ProgramBuilder
  ) -> Value
}

extension OperationRules {
  func simplify(_ operands: [Value], type: TensorType, in builder: inout ProgramBuilder) -> Value? { nil }

  func linearize(
    _ operands: [Value], result: Value, tangents: [Tangent?], in builder: inout ProgramBuilder
  ) -> Tangent? { nil }

  func transpose(
    _ cotangent: Value, to index: Int, type: TensorType, known: [Value?], in builder: inout ProgramBuilder
  ) -> Value {
    preconditionFailure("\(text(known.map { $0 == nil ? "linear" : "known" })) is not linear.")
  }
}

extension Operation {
  /// The rules of this operation.
  var rules: any OperationRules {
    switch self {
    case .splat(let constant, let type): SplatRules(constant: constant, type: type)
    case .matmul(let left, let right): MatmulRules(transposeLeft: left, transposeRight: right)
    case .add: AddRules()
    case .subtract: SubtractRules()
    case .multiply: MultiplyRules()
    case .scale(let factor): ScaleRules(factor: factor)
    case .offset(let constant): OffsetRules(constant: constant)
    case .broadcast(let shape, let axes): BroadcastRules(shape: shape, axes: axes)
    case .sum(let axes): SumRules(axes: axes)
    case .map(let function): MapRules(function: function)
    case .reshape(let shape): ReshapeRules(shape: shape)
    case .convolve(let window, let result): ConvolutionRules(window: window, result: result)
    case .averagePool(let window, let adjoint): AveragePoolingRules(window: window, isAdjoint: adjoint)
    case .maxPool(let window): MaxPoolingRules(window: window)
    case .pickMaxima(let window, let adjoint): PickMaximaRules(window: window, isAdjoint: adjoint)
    }
  }
}

/// Why an operation does not apply to its operands.
struct IllTyped: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}

/// A tensor of the reference evaluation.
struct Tensor {
  var shape: [Int]
  var elements: [Double]
}

/// The type of the only operand.
func onlyType(_ operands: [TensorType]) throws(IllTyped) -> TensorType {
  guard operands.count == 1 else { throw IllTyped("takes one operand, not \(operands.count)") }
  return operands[0]
}

/// The type that both operands have.
func commonType(_ operands: [TensorType]) throws(IllTyped) -> TensorType {
  guard operands.count == 2 else { throw IllTyped("takes two operands, not \(operands.count)") }
  guard operands[0] == operands[1] else {
    throw IllTyped("needs operands of equal type, not \(operands[0]) and \(operands[1])")
  }
  return operands[0]
}
