/// What makes a program ill-formed.
public enum ProgramError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Two inputs have this name.
  case duplicateInput(String)
  /// Two outputs have this name.
  case duplicateOutput(String)
  /// The program has no type for this value.
  case unknownValue(Value)
  /// The value's type has an extent below 1.
  case emptyType(Value, TensorType)
  /// Two inputs or instructions define the value.
  case definedTwice(Value)
  /// The value has a type but no definition.
  case neverDefined(Value)
  /// An instruction or output uses the value before it is defined.
  case usedBeforeDefinition(Value)
  /// The operands of the instruction do not fit its operation, for this reason.
  case illTyped(Instruction, reason: String)
  /// The instruction's result has another type than it is declared to have.
  case wrongResultType(Instruction, declared: TensorType, actual: TensorType)

  /// The error as a sentence.
  public var description: String {
    switch self {
    case .duplicateInput(let name): "Two inputs are named \(name)."
    case .duplicateOutput(let name): "Two outputs are named \(name)."
    case .unknownValue(let value): "Value %\(value.index) has no type."
    case .emptyType(let value, let type): "Value %\(value.index) has type \(type) with an extent below 1."
    case .definedTwice(let value): "Value %\(value.index) is defined twice."
    case .neverDefined(let value): "Value %\(value.index) is never defined."
    case .usedBeforeDefinition(let value): "Value %\(value.index) is used before it is defined."
    case .illTyped(let instruction, let reason):
      "Instruction %\(instruction.result.index) = \(instruction.operation) \(reason)."
    case .wrongResultType(let instruction, let declared, let actual):
      "Instruction %\(instruction.result.index) is declared \(declared), but makes \(actual)."
    }
  }
}

extension Program {
  /// Checks every invariant: names unique, each value defined once and before its uses, every type as the
  /// operation's shape rule says.
  public func verify() throws(ProgramError) {
    if let name = firstRepeated(inputs.map(\.name)) { throw .duplicateInput(name) }
    if let name = firstRepeated(outputs.map(\.name)) { throw .duplicateOutput(name) }
    for (index, type) in types.enumerated() where !type.shape.allSatisfy({ $0 > 0 }) {
      throw .emptyType(Value(index), type)
    }
    var defined: Set<Value> = []
    for input in inputs { try define(input.value, in: &defined) }
    for instruction in instructions {
      for operand in instruction.operands { try checkUse(of: operand, defined) }
      try define(instruction.result, in: &defined)
      try checkTypes(instruction)
    }
    for output in outputs { try checkUse(of: output.value, defined) }
    for index in types.indices where !defined.contains(Value(index)) { throw .neverDefined(Value(index)) }
  }

  private func firstRepeated(_ names: [String]) -> String? {
    var seen: Set<String> = []
    return names.first { !seen.insert($0).inserted }
  }

  private func define(_ value: Value, in defined: inout Set<Value>) throws(ProgramError) {
    guard types.indices.contains(value.index) else { throw .unknownValue(value) }
    guard defined.insert(value).inserted else { throw .definedTwice(value) }
  }

  private func checkUse(of value: Value, _ defined: Set<Value>) throws(ProgramError) {
    guard types.indices.contains(value.index) else { throw .unknownValue(value) }
    guard defined.contains(value) else { throw .usedBeforeDefinition(value) }
  }

  private func checkTypes(_ instruction: Instruction) throws(ProgramError) {
    let actual: TensorType
    do {
      actual = try instruction.operation.rules.resultType(instruction.operands.map(type))
    } catch {
      throw .illTyped(instruction, reason: error.reason)
    }
    let declared = type(of: instruction.result)
    guard actual == declared else {
      throw .wrongResultType(instruction, declared: declared, actual: actual)
    }
  }
}
