extension Program {
  /// The program with its directional derivative: `(x, dx) -> (f(x), Df(x) dx)`.
  ///
  /// The inputs are those of this program, then a tangent of each of the inputs `names`; the outputs are those
  /// of this program, then the tangent of each of the outputs `selected` (by default of all). Tangents are
  /// named like what they are tangent to, with `prefix` before it.
  public func pushforward(
    withRespectTo names: [String], outputs selected: [String]? = nil, prefix: String = "tangent."
  ) -> Program {
    var builder = ProgramBuilder(name: "\(name).pushforward")
    var values = Environment(inputs.map(\.value), builder.inputs(like: self))
    var tangents: [Value: Tangent] = [:]
    for name in names {
      let value = input(named: name)
      let direction = builder.input(prefix + name, type(of: value))
      tangents[value] = builder.tangent(direction)
    }
    for instruction in instructions {
      let operands = values[instruction.operands]
      let result = builder.append(instruction.operation, operands)
      values.bind(instruction.result, to: result)
      let operandTangents = instruction.operands.map { tangents[$0] }
      if operandTangents.allSatisfy({ $0 == nil }) { continue }
      tangents[instruction.result] = instruction.operation.rules.linearize(
        operands, result: result, tangents: operandTangents, in: &builder)
    }
    for output in outputs { builder.output(output.name, values[output.value]) }
    for output in selected?.map(output(named:)) ?? outputs {
      let tangent = tangents[output.value].map { builder.value(of: $0) }
      builder.output(prefix + output.name, tangent ?? builder.splat(0, type(of: output.value)))
    }
    return builder.build()
  }
}
