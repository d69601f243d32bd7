extension Program {
  /// The slow reference: the outputs, row-major, for the given inputs, always computed in Double.
  public func evaluate(_ arguments: [[Double]]) -> [[Double]] {
    precondition(
      arguments.map(\.count) == inputs.map { type(of: $0.value).count },
      "The arguments do not have the element counts of the inputs of \(name).")
    var values = Environment(inputs.map(\.value), arguments)
    for instruction in instructions {
      let operands = instruction.operands.map { Tensor(shape: type(of: $0).shape, elements: values[$0]) }
      let result = instruction.result
      let rules = instruction.operation.rules
      values.bind(result, to: rules.evaluate(operands, type: type(of: result)))
    }
    return values[outputs.map(\.value)]
  }
}
