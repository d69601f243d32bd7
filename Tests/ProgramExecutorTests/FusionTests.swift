import LinearAlgebra
import TensorProgram
import Testing

@testable import ProgramExecutor

/// What runs together, what stays in tiles, and that neither changes a bit.
@Suite struct FusionTests {
  /// Shapes of one tile, of many, with tiles that do not divide the rows, and with rows longer than a tile.
  static let shapes = [[20, 100], [250, 200], [37, 333], [3, 5000], [9001, 1], [1, 9001], [700, 3]]

  /// A chain with every kind of operand on either side, an output in its middle, and reductions at its end.
  func chain(_ shape: [Int], _ scalar: ScalarKind) -> Program {
    var builder = ProgramBuilder(name: "chain")
    let x = builder.input("x", TensorType(shape, scalar)), y = builder.input("y", TensorType(shape, scalar))
    let row = builder.broadcast(builder.input("row", TensorType([shape[1]], scalar)), to: shape, axes: [1])
    let column = builder.broadcast(
      builder.input("column", TensorType([shape[0]], scalar)), to: shape, axes: [0])
    let one = builder.broadcast(builder.input("one", TensorType([], scalar)), to: shape, axes: [])
    let affine = builder.add(x, row)
    let activation = builder.tanh(affine)
    let left = builder.subtract(row, activation)
    let shifted = builder.subtract(column, left)
    let scaled = builder.multiply(builder.offset(shifted, by: 0.5), one)
    let product = builder.multiply(scaled, y)
    let last = builder.subtract(one, builder.scale(product, by: -0.25))
    builder.output("activation", activation)
    builder.output("last", last)
    builder.output("rows", builder.sum(last, axes: [0]))
    builder.output("columns", builder.sum(product, axes: [1]))
    builder.output("level", builder.map(.softplus, builder.sum(builder.map(.exp, last), axes: [1])))
    builder.output("total", builder.sum(product))
    return builder.build()
  }

  @Test(arguments: shapes)
  func chainsAgreeWithTheReference(shape: [Int]) throws {
    try expectReferenceValues(chain(shape, .float), Float.self)
    try expectReferenceValues(chain(shape, .double), Double.self)
  }

  /// The bits are those of one kernel call per instruction over whole arrays.
  @Test(arguments: shapes)
  func tilesChangeNoBit(shape: [Int]) throws {
    let program = chain(shape, .float)
    let arguments = arguments(for: program, Float.self)
    let results = try run(program, arguments)
    let expected = try stepByStep(program, arguments)
    for (name, values) in zip(program.outputs.map(\.name), results) {
      #expect(expected[name] == values, "\(name) of \(shape)")
    }
  }

  /// Runs every instruction as a program of its own.
  func stepByStep(_ program: Program, _ arguments: [Vector<Float>]) throws -> [String: [Float]] {
    var values = Dictionary(uniqueKeysWithValues: zip(program.inputs.map(\.value), arguments))
    for instruction in program.instructions {
      let operands = Array(Set(instruction.operands)).sorted { $0.index < $1.index }
      let alone = Program(
        name: "alone", types: (operands + [instruction.result]).map(program.type),
        inputs: operands.indices.map { Program.Port("x\($0)", Value($0)) },
        instructions: [
          Instruction(
            instruction.operation, instruction.operands.map { Value(operands.firstIndex(of: $0) ?? 0) },
            result: Value(operands.count))
        ], outputs: [Program.Port("y", Value(operands.count))])
      values[instruction.result] = Vector(try run(alone, operands.compactMap { values[$0] })[0])
    }
    return Dictionary(uniqueKeysWithValues: program.outputs.map { ($0.name, values[$0.value]?.array ?? []) })
  }

  @Test func chainsRunTogetherAndLeaveNothingInMemory() throws {
    let scalars = 250 * 200
    var builder = ProgramBuilder(name: "layer")
    let x = builder.input("x", TensorType([250, 30], .float))
    let weight = builder.input("weight", TensorType([200, 30], .float))
    let bias = builder.input("bias", TensorType([200], .float))
    let y = builder.tanh(builder.affine(x, weight: weight, bias: bias))
    let slope = builder.offset(builder.scale(builder.multiply(y, y), by: -1), by: 1)
    builder.output("y", y)
    builder.output("slope", builder.sum(slope, axes: [0]))
    let executable = try Executable<Float>(builder.build())
    #expect(
      executable.makeProfile().groups.map(\.text) == [
        "250 x 200 x 30 NT", "add, tanh, multiply, scale, offset, sum",
      ])
    // The product, and tiles.
    #expect(executable.arenaByteCount < 4 * scalars + 8 * TileSize.byteCount)
  }

  /// The factor of a derivative waits for what it is multiplied with, so that it never is in memory.
  @Test func elementwiseStepsWaitUntilTheyAreNeeded() throws {
    var builder = ProgramBuilder(name: "waits")
    let x = builder.input("x", TensorType([250, 200], .float))
    let w = builder.input("w", TensorType([200, 200], .float))
    let slope = builder.offset(x, by: 1)
    let product = builder.matmul(x, w)
    builder.output("y", builder.multiply(slope, product))
    let executable = try Executable<Float>(builder.build())
    #expect(
      executable.makeProfile().groups.map(\.text) == ["250 x 200 x 200 NN", "offset, multiply"])
  }

  /// A row as long as a tile ends in a group, but not in its first tile.
  @Test func rowsAsLongAsATileStay() throws {
    let columns = TileSize.byteCount / MemoryLayout<Float>.stride
    var builder = ProgramBuilder(name: "row")
    let x = builder.input("x", TensorType([5, columns], .float))
    let row = builder.tanh(builder.input("row", TensorType([columns], .float)))
    let repeated = builder.broadcast(row, to: [5, columns], axes: [1])
    builder.output("y", builder.tanh(builder.multiply(x, repeated)))
    try expectReferenceValues(builder.build(), Float.self)
  }

  /// Values that end in a group leave their memory to what it makes, also when they are used twice.
  @Test func chainsWorkInPlace() throws {
    var builder = ProgramBuilder(name: "in place")
    let x = builder.input("x", TensorType([300, 200], .double))
    let w = builder.input("w", TensorType([200, 200], .double))
    var y = x
    for _ in 0..<5 {
      let product = builder.matmul(y, w)
      let scaled = builder.scale(product, by: 0.01)
      y = builder.multiply(builder.tanh(scaled), product)
    }
    builder.output("y", y)
    let program = builder.build()
    try expectReferenceValues(program, Double.self)
    // Two matrices, the operand and the result of a product, and tiles.
    #expect(try Executable<Double>(program).arenaByteCount <= 2 * 8 * 300 * 200 + 4 * TileSize.byteCount)
  }
}
