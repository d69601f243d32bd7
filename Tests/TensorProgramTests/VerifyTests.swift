import TensorProgram
import Testing

@Suite struct VerifyTests {
  static let vector = TensorType([3], .double)
  static let matrix = TensorType([2, 3], .double)
  static let scalar = TensorType([], .double)
  static let images = TensorType([1, 1, 3, 3], .double)
  static let window = SlidingWindow(height: 3, width: 3, windowHeight: 2, windowWidth: 2)
  static let padded = SlidingWindow(height: 3, width: 3, windowHeight: 2, windowWidth: 2, padding: 1)
  static let tooLarge = SlidingWindow(height: 3, width: 3, windowHeight: 4, windowWidth: 1)

  /// One instruction applied to inputs of the given types.
  static func program(
    _ operation: Operation, _ operands: [TensorType], result: TensorType
  ) -> Program {
    let inputs = operands.indices.map { Program.Port("x\($0)", Value($0)) }
    let value = Value(operands.count)
    return Program(
      name: "test", types: operands + [result], inputs: inputs,
      instructions: [Instruction(operation, inputs.map(\.value), result: value)],
      outputs: [Program.Port("y", value)])
  }

  static let sound = program(.add, [vector, vector], result: vector)

  @Test func acceptsSoundPrograms() throws {
    try Self.sound.verify()
    try Self.program(.splat(1, Self.matrix), [], result: Self.matrix).verify()
    try Self.program(.broadcast(shape: [2, 3], axes: [1]), [Self.vector], result: Self.matrix).verify()
  }

  @Test func rejectsRepeatedNames() {
    var program = Self.sound
    program.inputs[1].name = "x0"
    #expect(throws: ProgramError.duplicateInput("x0")) { try program.verify() }
    program = Self.sound
    program.outputs.append(Program.Port("y", Value(0)))
    #expect(throws: ProgramError.duplicateOutput("y")) { try program.verify() }
  }

  @Test func rejectsUnknownValues() {
    var program = Self.sound
    program.outputs[0].value = Value(7)
    #expect(throws: ProgramError.unknownValue(Value(7))) { try program.verify() }
    program = Self.sound
    program.instructions[0].operands[0] = Value(-1)
    #expect(throws: ProgramError.unknownValue(Value(-1))) { try program.verify() }
  }

  @Test func rejectsBrokenSingleAssignment() {
    var program = Self.sound
    program.instructions.append(Instruction(.subtract, [Value(0), Value(1)], result: Value(2)))
    #expect(throws: ProgramError.definedTwice(Value(2))) { try program.verify() }
    program = Self.sound
    program.instructions[0].operands[1] = Value(2)
    #expect(throws: ProgramError.usedBeforeDefinition(Value(2))) { try program.verify() }
    program = Self.sound
    program.types.append(Self.vector)
    #expect(throws: ProgramError.neverDefined(Value(3))) { try program.verify() }
  }

  @Test func rejectsEmptyExtents() {
    let empty = TensorType([0], .double)
    let program = Self.program(.scale(2), [empty], result: empty)
    #expect(throws: ProgramError.emptyType(Value(0), empty)) { try program.verify() }
  }

  @Test func rejectsWrongResultType() {
    let program = Self.program(.scale(2), [Self.vector], result: Self.matrix)
    #expect(
      throws: ProgramError.wrongResultType(
        program.instructions[0], declared: Self.matrix, actual: Self.vector)
    ) { try program.verify() }
  }

  @Test(
    arguments: [
      (.add, [vector, matrix]),
      (.add, [vector]),
      (.subtract, [vector, TensorType([3], .float)]),
      (.multiply, [scalar, vector]),
      (.scale(2), [vector, vector]),
      (.offset(2), []),
      (.splat(1, vector), [vector]),
      (.matmul(transposeLeft: false, transposeRight: false), [matrix, matrix]),
      (.matmul(transposeLeft: false, transposeRight: true), [matrix, vector]),
      (.matmul(transposeLeft: false, transposeRight: true), [matrix, TensorType([2, 3], .float)]),
      (.matmul(transposeLeft: false, transposeRight: true), [matrix]),
      (.broadcast(shape: [2, 3], axes: [0]), [vector]),
      (.broadcast(shape: [2, 3], axes: [2]), [vector]),
      (.broadcast(shape: [2, 3], axes: [1, 0]), [TensorType([3, 2], .double)]),
      (.broadcast(shape: [2, 3], axes: []), [vector]),
      (.sum(axes: [2]), [matrix]),
      (.sum(axes: [1, 0]), [matrix]),
      (.sum(axes: [0, 0]), [matrix]),
      (.map(.clamp(lower: 1, upper: 1)), [vector]),
      (.map(.within(lower: 0, upper: -1)), [vector]),
      (.map(.tanh), [vector, vector]),
      (.reshape([7]), [matrix]),
      (.reshape([2, -3, -1]), [matrix]),
      (.convolve(window, .output), [images]),
      (.convolve(window, .output), [images, matrix]),
      (.convolve(window, .output), [images, TensorType([1, 2, 3, 3], .double)]),
      (.convolve(window, .output), [images, TensorType([1, 2, 2, 2], .float)]),
      (.convolve(window, .weight), [images, TensorType([2, 1, 3, 3], .double)]),
      (.convolve(tooLarge, .output), [images, images]),
      (.averagePool(window, adjoint: false), [matrix]),
      (.averagePool(window, adjoint: true), [images]),
      (.averagePool(padded, adjoint: false), [images]),
      (.maxPool(tooLarge), [images]),
      (.pickMaxima(window, adjoint: false), [images, matrix]),
      (.pickMaxima(window, adjoint: true), [images, images]),
    ] as [(Operation, [TensorType])])
  func rejectsIllTypedInstructions(operation: Operation, operands: [TensorType]) {
    let program = Self.program(operation, operands, result: Self.vector)
    let error = #expect(throws: ProgramError.self) { try program.verify() }
    guard case .illTyped(let instruction, _)? = error else {
      Issue.record("\(operation): \(String(describing: error))")
      return
    }
    #expect(instruction == program.instructions[0])
  }
}
