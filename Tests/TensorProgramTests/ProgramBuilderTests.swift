import TensorProgram
import TestSupport
import Testing

@Suite struct ProgramBuilderTests {
  /// The instructions of `y = formula(x, z)` for two inputs of shape `[2, 3]`.
  func instructions(_ formula: (inout ProgramBuilder, Value, Value) -> Value) -> [Operation] {
    var builder = ProgramBuilder(name: "formula")
    let x = builder.input("x", TensorType([2, 3], .double))
    let z = builder.input("z", TensorType([2, 3], .double))
    builder.output("y", formula(&builder, x, z))
    return builder.build().instructions.map(\.operation)
  }

  @Test func identitiesVanish() {
    #expect(instructions { b, x, _ in b.scale(x, by: 1) } == [])
    #expect(instructions { b, x, _ in b.offset(x, by: 0) } == [])
    #expect(instructions { b, x, _ in b.sum(x, axes: []) } == [])
    #expect(instructions { b, x, _ in b.broadcast(x, to: [2, 3], axes: [0, 1]) } == [])
    #expect(instructions { b, x, _ in b.scale(b.scale(x, by: -1), by: -1) } == [])
    #expect(instructions { b, x, _ in b.add(x, b.splat(0, b.type(of: x))) } == [])
    #expect(instructions { b, x, _ in b.multiply(x, b.splat(1, b.type(of: x))) } == [])
  }

  @Test func constantsFold() {
    let matrix = TensorType([2, 3], .double)
    #expect(instructions { b, x, _ in b.subtract(x, x) } == [.splat(0, matrix)])
    #expect(instructions { b, x, _ in b.scale(x, by: 0) } == [.splat(0, matrix)])
    #expect(instructions { b, x, _ in b.offset(b.splat(1, matrix), by: 2) } == [.splat(3, matrix)])
    #expect(instructions { b, x, _ in b.map(.exp, b.splat(0, matrix)) } == [.splat(1, matrix)])
    #expect(instructions { b, x, _ in b.sum(b.splat(0.5, matrix)) } == [.splat(3, TensorType([], .double))])
    #expect(
      instructions { b, x, _ in b.matmul(x, b.splat(0, TensorType([3, 4], .double))) }
        == [.splat(0, TensorType([2, 4], .double))])
    #expect(
      instructions { b, x, _ in b.broadcast(b.splat(2, TensorType([3], .double)), to: [2, 3], axes: [1]) }
        == [.splat(2, matrix)])
  }

  @Test func chainsMerge() {
    #expect(instructions { b, x, _ in b.scale(b.scale(x, by: 2), by: 3) } == [.scale(6)])
    #expect(instructions { b, x, _ in b.offset(b.offset(x, by: 2), by: 3) } == [.offset(5)])
    #expect(instructions { b, x, _ in b.sum(b.sum(x, axes: [1])) } == [.sum(axes: [0, 1])])
    #expect(instructions { b, x, _ in b.add(x, x) } == [.scale(2)])
    #expect(instructions { b, x, z in b.add(b.scale(x, by: -1), z) } == [.subtract])
    #expect(instructions { b, x, z in b.subtract(x, b.scale(z, by: -1)) } == [.add])
    #expect(instructions { b, x, z in b.scale(b.subtract(x, z), by: -1) } == [.subtract])
    #expect(instructions { b, x, _ in b.subtract(b.splat(1, b.type(of: x)), x) } == [.scale(-1), .offset(1)])
    #expect(
      instructions { b, x, _ in
        let column = b.sum(x, axes: [1])
        let once = b.broadcast(column, to: [2, 4], axes: [0])
        return b.broadcast(once, to: [5, 2, 4], axes: [1, 2])
      } == [.sum(axes: [1]), .broadcast(shape: [5, 2, 4], axes: [1])])
  }

  @Test func scalesMoveToTheSmallerSide() {
    #expect(instructions { b, x, _ in b.sum(b.scale(x, by: 2)) } == [.sum(axes: [0, 1]), .scale(2)])
    #expect(
      instructions { b, x, _ in
        let row = b.sum(x, axes: [0])
        return b.scale(b.broadcast(row, to: [2, 3], axes: [1]), by: 2)
      } == [.sum(axes: [0]), .scale(2), .broadcast(shape: [2, 3], axes: [1])])
  }

  @Test func equalInstructionsAreOne() {
    #expect(
      instructions { b, x, z in b.add(b.tanh(b.multiply(x, z)), b.tanh(b.multiply(z, x))) }
        == [.multiply, .map(.tanh), .scale(2)])
  }

  @Test func deadInstructionsGoAndInputsStay() {
    var builder = ProgramBuilder(name: "test")
    let x = builder.input("x", TensorType([2], .double))
    _ = builder.input("unused", TensorType([2], .double))
    _ = builder.tanh(x)
    builder.output("y", builder.map(.exp, x))
    let program = builder.build()
    #expect(program.inputs.map(\.name) == ["x", "unused"])
    #expect(program.instructions.map(\.operation) == [.map(.exp)])
  }

  @Test func instructionsWaitForTheOutputThatNeedsThem() {
    var builder = ProgramBuilder(name: "test")
    let x = builder.input("x", TensorType([2], .double))
    let early = builder.map(.exp, x)
    let first = builder.tanh(x)
    builder.output("first", first)
    builder.output("second", builder.multiply(first, early))
    #expect(builder.build().instructions.map(\.operation) == [.map(.tanh), .map(.exp), .multiply])
  }

  @Test func inliningRepeatsAProgram() {
    let (network, _) = network(widths: [2, 3, 1], examples: 4)
    var builder = ProgramBuilder(name: "twice")
    let arguments = builder.inputs(like: network)
    let first = builder.inline(network, inputs: arguments)
    let again = builder.inline(network, inputs: arguments)
    #expect(first == again)
    builder.output("sum", builder.add(first[0], again[0]))
    let program = builder.build()
    var generator = SeededGenerator(seed: 3)
    let point = randomPoint(of: network, using: &generator)
    #expect(program.evaluate(point)[0][0] == 2 * network.evaluate(point)[0][0])
  }

  @Test func printing() {
    var builder = ProgramBuilder(name: "layer")
    let x = builder.input("x", TensorType([2, 3], .float))
    let w = builder.input("W", TensorType([4, 3], .float))
    let b = builder.input("b", TensorType([4], .float))
    let z = builder.affine(x, weight: w, bias: b)
    builder.output("y", builder.scale(builder.relu(z), by: 0.5))
    builder.output("x", x)
    #expect(
      builder.build().description == """
        layer(x: float[2, 3], W: float[4, 3], b: float[4]) {
          %3: float[2, 4] = matmul(x, W^T)
          %4: float[2, 4] = broadcast(b, axes: [1])
          %5: float[2, 4] = add(%3, %4)
          %6: float[2, 4] = clamp(%5, 0.0, inf)
          %7: float[2, 4] = scale(%6, by: 0.5)
          return y: %7, x: x
        }
        """)
  }
}
