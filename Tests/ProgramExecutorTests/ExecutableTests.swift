import LinearAlgebra
import ProgramExecutor
import TensorProgram
import Testing

@Suite struct ExecutableTests {
  /// Gradient-like work on rows: `x W`, bias, tanh and its derivative, sums.
  func layer(_ scalar: ScalarKind, rows: Int = 20, inputs: Int = 3, outputs: Int = 100) -> Program {
    var builder = ProgramBuilder(name: "layer")
    let x = builder.input("x", TensorType([rows, inputs], scalar))
    let weight = builder.input("weight", TensorType([outputs, inputs], scalar))
    let bias = builder.input("bias", TensorType([outputs], scalar))
    let affine = builder.affine(x, weight: weight, bias: bias)
    let y = builder.tanh(affine)
    let square = builder.multiply(y, y)
    let negative = builder.scale(square, by: -1)
    let derivative = builder.offset(negative, by: 1)
    builder.output("y", y)
    builder.output("weight", builder.matmul(derivative, x, transposeLeft: true))
    builder.output("bias", builder.sum(derivative, axes: [0]))
    builder.output("total", builder.sum(derivative))
    return builder.build()
  }

  @Test func layersAgreeWithTheReference() throws {
    try expectReferenceValues(layer(.float), Float.self)
    try expectReferenceValues(layer(.double, rows: 33, inputs: 40, outputs: 50), Double.self)
  }

  @Test func memoryIsUsedAgain() throws {
    var builder = ProgramBuilder(name: "chain")
    var x = builder.input("x", TensorType([1000], .float))
    for index in 0..<30 {
      let y = builder.tanh(x)
      x = builder.matmul(
        builder.broadcast(y, to: [1000, 1], axes: [0]),
        builder.splat(Double(index), TensorType([1, 1], .float)))
      x = builder.sum(x, axes: [1])
    }
    builder.output("y", x)
    let executable = try Executable<Float>(builder.build())
    #expect(executable.arenaByteCount < 4 * 4096)
  }

  @Test func valuesInUseAreKept() throws {
    // Every intermediate value stays alive to the end.
    var builder = ProgramBuilder(name: "alive")
    let x = builder.input("x", TensorType([100], .double))
    let values = (1...20).map { index -> Value in
      let scaled = builder.scale(x, by: Double(index))
      return builder.tanh(scaled)
    }
    var total = values[0]
    for value in values.dropFirst().reversed() { total = builder.multiply(builder.add(total, value), value) }
    builder.output("total", total)
    try expectReferenceValues(builder.build(), Double.self)
  }

  @Test func outputsMayBeInputsAndEachOther() throws {
    var builder = ProgramBuilder(name: "ports")
    let x = builder.input("x", TensorType([5], .float))
    let y = builder.tanh(x)
    builder.output("x", x)
    builder.output("y", y)
    builder.output("again", y)
    builder.output("constant", builder.splat(2.5, TensorType([3], .float)))
    builder.output("repeated", builder.broadcast(y, to: [2, 5], axes: [1]))
    builder.output("reshaped", builder.broadcast(y, to: [5, 1], axes: [0]))
    try expectReferenceValues(builder.build(), Float.self)
  }

  @Test func severalBindingsShareAnExecutable() throws {
    let executable = try Executable<Double>(layer(.double))
    let first = bind(executable, seed: 1), second = bind(executable, seed: 2)
    executable.run(first.bindings)
    executable.run(second.bindings)
    let before = first.outputs.map(\.array)
    executable.run(first.bindings)
    #expect(first.outputs.map(\.array) == before)
    #expect(second.outputs.map(\.array) != before)
    // Rebound, the second computes what the first does.
    for (index, input) in first.inputs.enumerated() { second.bindings.bind(input: index, to: input.all) }
    executable.run(second.bindings)
    #expect(second.outputs.map(\.array) == before)
  }

  func bind(
    _ executable: Executable<Double>, seed: UInt64
  ) -> (bindings: Bindings<Double>, inputs: [Vector<Double>], outputs: [Vector<Double>]) {
    let program = executable.program, bindings = executable.makeBindings()
    let inputs = program.inputs.map { Vector<Double>(count: program.type(of: $0.value).count) }
    let outputs = program.outputs.map { Vector<Double>(count: program.type(of: $0.value).count) }
    for (index, input) in inputs.enumerated() {
      Philox(seed: seed, stream: .data, substream: UInt32(index)).fillNormal(input.all)
      bindings.bind(input: index, to: input.all)
    }
    #expect(!bindings.isComplete)
    for (index, output) in outputs.enumerated() { bindings.bind(output: index, to: output.all) }
    #expect(bindings.isComplete)
    return (bindings, inputs, outputs)
  }

  @Test(arguments: [(3, 100), (40, 50), (100, 1)])
  func resultsDoNotDependOnWhereTheDataLies(sizes: (inputs: Int, outputs: Int)) throws {
    try expectSameBitsAnywhere(layer(.float, inputs: sizes.inputs, outputs: sizes.outputs))
  }

  @Test func imagesDoNotDependOnWhereTheDataLies() throws {
    var builder = ProgramBuilder(name: "images")
    let x = builder.input("x", TensorType([3, 2, 9, 21], .float))
    let weight = builder.input("weight", TensorType([19, 2, 3, 3], .float))
    let y = builder.conv2d(x, weight: weight, padding: 1)
    let window = SlidingWindow(height: 9, width: 21, windowHeight: 3, windowWidth: 3, padding: 1)
    builder.output("y", y)
    builder.output("weight", builder.append(.convolve(window, .weight), [x, y]))
    builder.output("x", builder.append(.convolve(window, .input), [weight, y]))
    builder.output("mean", builder.averagePool(y, window: 2, stride: 2))
    builder.output("largest", builder.maxPool(y, window: 2, stride: 2))
    try expectSameBitsAnywhere(builder.build())
  }

  private func expectSameBitsAnywhere(_ program: Program) throws {
    let executable = try Executable<Float>(program)
    let inputs = arguments(for: program, Float.self)
    let expected = try run(program, inputs)
    for offset in 1..<5 {
      let bindings = executable.makeBindings()
      func shifted(_ count: Int) -> VectorSlice<Float> {
        Vector<Float>(count: count + offset).slice(offset..<count + offset)
      }
      for (index, input) in inputs.enumerated() {
        let slice = shifted(input.count)
        slice.copy(from: input.all)
        bindings.bind(input: index, to: slice)
      }
      let outputs = expected.map { shifted($0.count) }
      for (index, output) in outputs.enumerated() { bindings.bind(output: index, to: output) }
      executable.run(bindings)
      #expect(outputs.map(\.array) == expected)
    }
  }

  @Test func malformedProgramsAreRejected() {
    let program = Program(
      name: "bad", types: [TensorType([2], .float)], inputs: [], instructions: [],
      outputs: [Program.Port("y", Value(0))])
    #expect(throws: ProgramError.self) { try Executable<Float>(program) }
  }
}
