/// A value of a program: the tensor that an input or an instruction defines.
public struct Value: Hashable, Sendable {
  /// The index into `Program.types`.
  public let index: Int

  /// Creates a value from its index.
  public init(_ index: Int) { self.index = index }
}

/// One operation applied to earlier values, defining one new value.
public struct Instruction: Hashable, Sendable {
  /// What is done.
  public var operation: Operation
  /// What it is done to.
  public var operands: [Value]
  /// The value defined here and nowhere else.
  public var result: Value

  /// Creates an instruction.
  public init(_ operation: Operation, _ operands: [Value], result: Value) {
    self.operation = operation
    self.operands = operands
    self.result = result
  }
}

/// A tensor program: single-assignment instructions over typed tensors, with named inputs and outputs.
///
/// Make one with `ProgramBuilder`; `verify()` states every invariant; `description` prints it.
public struct Program: Sendable {
  /// A named input or output.
  public struct Port: Hashable, Sendable {
    /// The name, unique among the inputs or the outputs.
    public var name: String
    /// The value it carries.
    public var value: Value

    /// Creates a port.
    public init(_ name: String, _ value: Value) {
      self.name = name
      self.value = value
    }
  }

  /// What the program computes, for printing.
  public var name: String
  /// The type of every value, by `Value.index`.
  public var types: [TensorType]
  /// Values given from outside.
  public var inputs: [Port]
  /// In order of execution.
  public var instructions: [Instruction]
  /// Values handed out; an output may be an input, and two outputs may be the same value.
  public var outputs: [Port]

  /// Creates a program from its parts, unverified.
  public init(
    name: String, types: [TensorType], inputs: [Port], instructions: [Instruction], outputs: [Port]
  ) {
    self.name = name
    self.types = types
    self.inputs = inputs
    self.instructions = instructions
    self.outputs = outputs
  }

  /// The type of a value.
  public func type(of value: Value) -> TensorType { types[value.index] }
}
