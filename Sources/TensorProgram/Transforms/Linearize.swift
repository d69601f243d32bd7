/// A program and its derivative as two programs: `primal`, run once for every point, also hands out what
/// `linear`, run once for every tangent, needs of that point.
public struct Linearization: Sendable {
  /// Where `linear` finds a residual, a value that depends on the point only.
  public enum Residual: Hashable, Sendable {
    /// It is this input of `primal`: bind the same tensor.
    case input(Int)
    /// It is this output of `primal`.
    case output(Int)
  }

  /// `x -> (f(x), residuals)`: the inputs and outputs of the linearised program, in order, then those residuals
  /// that are none of these, named as in `linear`.
  public let primal: Program
  /// `(dx, residuals) -> df`: the inputs are the tangents, named like what they are tangent to, then the
  /// residuals `r0`, `r1` ..., in the order of `residuals`; the outputs are tangents, named likewise.
  public let linear: Program
  /// The source of each residual input of `linear`.
  public let residuals: [Residual]

  /// The number of inputs of `linear` that are tangents; they stand first.
  public var tangentCount: Int { linear.inputs.count - residuals.count }
}

extension Program {
  /// Splits the program and its derivative into what depends on the point only and what depends on the tangent.
  ///
  /// Tangents are taken with respect to the inputs `names`, of the outputs `selected` (by default of all).
  /// `linear` has no instruction that could have run in `primal`, but for constants and broadcasts: these are
  /// repeated there, so that residuals are small.
  public func linearize(withRespectTo names: [String], outputs selected: [String]? = nil) -> Linearization {
    let joint = pushforward(withRespectTo: names, outputs: selected, prefix: "linearize.")
    var split = Split(self, joint: joint, tangents: names)
    for instruction in joint.instructions { split.append(instruction) }
    let tangentOutputs = zip(selected ?? outputs.map(\.name), joint.outputs.dropFirst(outputs.count))
    for (name, port) in tangentOutputs { split.linear.output(name, split.linearValue(port.value)) }
    return split.linearization(outputs: joint.outputs.prefix(outputs.count))
  }
}

/// The work of `linearize`: parts a pushforward into its two halves.
///
/// This is partial evaluation, as in JAX (autodidax, part 4): the inputs of the point are known, those of the
/// tangent are not, and what is computed of known values only is known.
private struct Split {
  var primal: ProgramBuilder
  var linear: ProgramBuilder
  private let inputs: [Value]
  /// The known values of the joint program, as values of `primal`.
  private var known: Environment<Value>
  /// The others, as values of `linear`.
  private var unknown: Environment<Value>
  /// Values of `primal` that `linear` needs, and what they are there.
  private var residuals: [Value] = []
  private var handover = Handover()

  init(_ program: Program, joint: Program, tangents: [String]) {
    primal = ProgramBuilder(name: "\(program.name).primal")
    linear = ProgramBuilder(name: "\(program.name).linear")
    inputs = primal.inputs(like: program)
    known = Environment(joint.inputs.map(\.value), inputs)
    unknown = Environment()
    for (name, port) in zip(tangents, joint.inputs.dropFirst(inputs.count)) {
      unknown.bind(port.value, to: linear.input(name, joint.type(of: port.value)))
    }
  }

  mutating func append(_ instruction: Instruction) {
    if instruction.operands.allSatisfy(known.contains) {
      known.bind(
        instruction.result, to: primal.append(instruction.operation, known[instruction.operands]))
    } else {
      var operands: [Value] = []
      for operand in instruction.operands { operands.append(linearValue(operand)) }
      unknown.bind(instruction.result, to: linear.append(instruction.operation, operands))
    }
  }

  /// What a value of the joint program is in `linear`.
  mutating func linearValue(_ value: Value) -> Value {
    guard known.contains(value) else { return unknown[value] }
    return handover.value(known[value], of: primal, in: &linear, numbers: &residuals)
  }

  /// Closes both halves; `primal` hands out `outputs` and the residuals that are neither these nor inputs.
  mutating func linearization(outputs: some Sequence<Program.Port>) -> Linearization {
    var handedOut: [Value] = []
    for port in outputs {
      primal.output(port.name, known[port.value])
      handedOut.append(known[port.value])
    }
    let sources = primal.handOut(residuals, inputs: inputs, after: handedOut)
    return Linearization(primal: primal.build(), linear: linear.build(), residuals: sources)
  }
}
