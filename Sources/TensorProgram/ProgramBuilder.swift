/// Builds a program instruction by instruction, simplifying as it goes.
///
/// An instruction that was made before is not made again, and each operation's own rule replaces what has a
/// cheaper equal: `1 a`, `a + 0`, scales of scales, anything of a constant. Derived programs lean on this: the
/// transforms write the plain chain rule and the zeros and ones vanish here.
public struct ProgramBuilder: Sendable {
  private struct Application: Hashable {
    let operation: Operation
    let operands: [Value]
  }

  /// What the program computes, for printing.
  public let name: String
  private var types: [TensorType] = []
  private var inputs: [Program.Port] = []
  private var outputs: [Program.Port] = []
  private var instructions: [Instruction] = []
  private var definitions: [Value: Int] = [:]
  private var interned: [Application: Value] = [:]

  /// Starts an empty program.
  public init(name: String) { self.name = name }

  /// Adds an input, whose name must be unique among the inputs.
  public mutating func input(_ name: String, _ type: TensorType) -> Value {
    let value = define(type)
    inputs.append(Program.Port(name, value))
    return value
  }

  /// Adds inputs named and typed like those of `program`.
  public mutating func inputs(like program: Program) -> [Value] {
    program.inputs.map { input($0.name, program.type(of: $0.value)) }
  }

  /// The value of an operation applied to earlier values; traps where the types do not fit.
  public mutating func append(_ operation: Operation, _ operands: [Value]) -> Value {
    let rules = operation.rules
    let type = resultType(of: operation, operands)
    if let simple = rules.simplify(operands, type: type, in: &self) { return simple }
    let application = Application(operation: operation, operands: operands)
    if let known = interned[application] { return known }
    let result = define(type)
    definitions[result] = instructions.count
    interned[application] = result
    instructions.append(Instruction(operation, operands, result: result))
    return result
  }

  /// Repeats the instructions of `program` here; `inputs` and the returned outputs are in its order.
  public mutating func inline(_ program: Program, inputs arguments: [Value]) -> [Value] {
    precondition(
      arguments.map(type) == program.inputs.map { program.type(of: $0.value) },
      "The arguments do not have the types of the inputs of \(program.name).")
    var values = Environment(program.inputs.map(\.value), arguments)
    for instruction in program.instructions {
      let result = append(instruction.operation, values[instruction.operands])
      values.bind(instruction.result, to: result)
    }
    return values[program.outputs.map(\.value)]
  }

  /// Hands out a value, under a name that must be unique among the outputs.
  public mutating func output(_ name: String, _ value: Value) {
    outputs.append(Program.Port(name, value))
  }

  /// The program so far, verified, without the instructions that no output needs.
  public func build() -> Program {
    let instructions = schedule()
    let order = inputs.map(\.value) + instructions.map(\.result)
    let number = Environment(order, order.indices.map(Value.init))
    func renumbered(_ ports: [Program.Port]) -> [Program.Port] {
      ports.map { Program.Port($0.name, number[$0.value]) }
    }
    let program = Program(
      name: name, types: order.map(type), inputs: renumbered(inputs),
      instructions: instructions.map {
        Instruction($0.operation, number[$0.operands], result: number[$0.result])
      },
      outputs: renumbered(outputs))
    do { try program.verify() } catch { preconditionFailure("\(name): \(error)") }
    return program
  }

  /// The instructions that the output made first needs, then what the next needs besides, and so on.
  ///
  /// So values live short: the factor of a derivative, written down with the function, is computed where the
  /// first gradient enters that needs it, next to the product an executor can compute in the same pass.
  private func schedule() -> [Instruction] {
    let wanted = Set(outputs.map(\.value))
    var deadlines: [Value: Int] = [:]
    var needed: [(deadline: Int, position: Int)] = []
    for (position, instruction) in instructions.enumerated().reversed() {
      let result = instruction.result
      guard let deadline = wanted.contains(result) ? position : deadlines[result] else { continue }
      for operand in instruction.operands {
        deadlines[operand] = min(deadlines[operand] ?? deadline, deadline)
      }
      needed.append((deadline, position))
    }
    return needed.sorted { $0 < $1 }.map { instructions[$0.position] }
  }

  private mutating func define(_ type: TensorType) -> Value {
    types.append(type)
    return Value(types.count - 1)
  }

  private func resultType(of operation: Operation, _ operands: [Value]) -> TensorType {
    do {
      return try operation.rules.resultType(operands.map(type))
    } catch {
      preconditionFailure("\(name): \(operation) \(error.reason).")
    }
  }
}

// MARK: - What is known of a value

extension ProgramBuilder {
  /// The type of a value.
  public func type(of value: Value) -> TensorType { types[value.index] }

  /// The instruction that makes a value; nil for an input.
  func definition(of value: Value) -> Instruction? { definitions[value].map { instructions[$0] } }

  /// The constant that every element of the value is known to be.
  func constant(_ value: Value) -> Double? {
    guard case .splat(let constant, _)? = definition(of: value)?.operation else { return nil }
    return constant
  }

  /// Whether the value is known to be zero.
  func isZero(_ value: Value) -> Bool { constant(value) == 0 }

  /// The `a` of a value that is `-a`, perhaps repeated.
  mutating func negated(_ value: Value) -> Value? {
    guard let definition = definition(of: value) else { return nil }
    switch definition.operation {
    case .scale(-1): return definition.operands[0]
    case .broadcast: return negated(definition.operands[0]).map { append(definition.operation, [$0]) }
    default: return nil
    }
  }
}
