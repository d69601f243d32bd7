extension Program {
  /// The adjoint of a program that is linear in the inputs `names`.
  ///
  /// The inputs are the cotangents of the outputs, named like these, then the other inputs; the outputs are the
  /// cotangents of the inputs `names`, named like these. Traps where the program is not linear in them.
  public func transpose(linearIn names: [String]) -> Program {
    var builder = ProgramBuilder(name: "\(name).transpose")
    var cotangents: [Value: Value] = [:]
    let seeds = outputs.map { builder.input($0.name, type(of: $0.value)) }
    for (output, seed) in zip(outputs, seeds) {
      builder.accumulate(seed, into: &cotangents[output.value])
    }

    var known = Environment<Value>()
    for input in inputs where !names.contains(input.name) {
      known.bind(input.value, to: builder.input(input.name, type(of: input.value)))
    }
    for instruction in instructions where instruction.operands.allSatisfy(known.contains) {
      known.bind(
        instruction.result, to: builder.append(instruction.operation, known[instruction.operands]))
    }
    for output in outputs where known.contains(output.value) {
      precondition(
        builder.isZero(known[output.value]), "\(name): \(output.name) is not linear in \(names).")
    }

    for instruction in instructions.reversed() where !known.contains(instruction.result) {
      guard let cotangent = cotangents[instruction.result] else { continue }
      let knownOperands = instruction.operands.map { known.contains($0) ? known[$0] : nil }
      for (index, operand) in instruction.operands.enumerated() where !known.contains(operand) {
        let contribution = instruction.operation.rules.transpose(
          cotangent, to: index, type: type(of: operand), known: knownOperands, in: &builder)
        builder.accumulate(contribution, into: &cotangents[operand])
      }
    }
    for name in names {
      let value = input(named: name)
      builder.output(name, cotangents[value] ?? builder.splat(0, type(of: value)))
    }
    return builder.build()
  }
}

extension ProgramBuilder {
  /// Adds a contribution to a cotangent, of which nil stands for zero.
  fileprivate mutating func accumulate(_ contribution: Value, into cotangent: inout Value?) {
    cotangent = cotangent.map { add($0, contribution) } ?? contribution
  }
}
