/// Values of one program as values of another: made again there where that is cheaper than to hand them over, else inputs.
struct Handover {
  private var known: [Value: Value] = [:]

  /// What a value stands for in the other program, where it is known already.
  subscript(value: Value) -> Value? { known[value] }

  /// What a value of `source` is in `target`: made again there, or an input whose name is `prefix` and a number.
  ///
  /// `numbers` are the values handed over, by these numbers; several targets may share them.
  mutating func value(
    _ value: Value, of source: ProgramBuilder, in target: inout ProgramBuilder, numbers: inout [Value],
    prefix: String = "r"
  ) -> Value {
    if let known = known[value] { return known }
    let result: Value
    if let definition = source.definition(of: value), definition.operation.isRemade {
      var operands: [Value] = []
      for operand in definition.operands {
        operands.append(self.value(operand, of: source, in: &target, numbers: &numbers, prefix: prefix))
      }
      result = target.append(definition.operation, operands)
    } else {
      let number = numbers.firstIndex(of: value) ?? numbers.count
      if number == numbers.count { numbers.append(value) }
      result = target.input("\(prefix)\(number)", source.type(of: value))
    }
    known[value] = result
    return result
  }
}

extension Operation {
  /// Whether its result is another one's elements, or made again from fewer.
  var isRemade: Bool {
    switch self {
    case .splat, .broadcast, .reshape: true
    default: false
    }
  }
}

extension ProgramBuilder {
  /// Hands out residuals, named `r0`, `r1` and so on by their number, but for those that are inputs or are handed out already.
  ///
  /// - Parameters:
  ///   - residuals: values of this program.
  ///   - inputs: its inputs.
  ///   - outputs: what was handed out so far, in order.
  /// - Returns: where each of them is.
  mutating func handOut(
    _ residuals: [Value], inputs: [Value], after outputs: [Value]
  ) -> [Linearization.Residual] {
    var outputs = outputs
    var sources: [Linearization.Residual] = []
    for (number, residual) in residuals.enumerated() {
      if let input = inputs.firstIndex(of: residual) {
        sources.append(.input(input))
      } else if let known = outputs.firstIndex(of: residual) {
        sources.append(.output(known))
      } else {
        sources.append(.output(outputs.count))
        output("r\(number)", residual)
        outputs.append(residual)
      }
    }
    return sources
  }
}
