import Conformance
import LinearAlgebra
import ProgramExecutor
import TensorProgram
import Testing

/// Every operation, alone, against the slow reference.
@Suite struct OperationTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var operation: Operation
    var shapes: [[Int]]
    var testDescription: String { "\(operation) of \(shapes)" }
  }

  static let shapes = [[], [1], [7], [20, 100], [3, 1], [1, 33], [2, 3, 5], [40, 1, 2]]
  static let functions: [ElementwiseFunction] = [
    .tanh, .exp, .log1p, .reciprocal, .expm1, .erf, .sigmoid, .softplus, .clamp(lower: -0.5, upper: 1),
    .clamp(lower: 0, upper: .infinity), .within(lower: -1, upper: 0.5), .within(lower: 0, upper: .infinity),
  ]

  static var elementwise: [Case] {
    shapes.flatMap { shape in
      functions.map { Case(operation: .map($0), shapes: [shape]) }
        + [.scale(-1.5), .offset(0.25)].map { Case(operation: $0, shapes: [shape]) }
        + [.add, .subtract, .multiply].map { Case(operation: $0, shapes: [shape, shape]) }
    }
  }

  static let sums = [
    Case(operation: .sum(axes: []), shapes: [[4]]),
    Case(operation: .sum(axes: [0]), shapes: [[33]]),
    Case(operation: .sum(axes: [0]), shapes: [[20, 100]]),
    Case(operation: .sum(axes: [1]), shapes: [[20, 100]]),
    Case(operation: .sum(axes: [0, 1]), shapes: [[20, 100]]),
    Case(operation: .sum(axes: [0]), shapes: [[1, 6]]),
    Case(operation: .sum(axes: [0, 2]), shapes: [[3, 4, 5]]),
    Case(operation: .sum(axes: [1]), shapes: [[3, 4, 5]]),
    Case(operation: .sum(axes: [1, 3]), shapes: [[3, 4, 2, 5]]),
  ]

  static let broadcasts = [
    Case(operation: .broadcast(shape: [20], axes: []), shapes: [[]]),
    Case(operation: .broadcast(shape: [1, 1], axes: [0]), shapes: [[1]]),
    Case(operation: .broadcast(shape: [20, 100], axes: [1]), shapes: [[100]]),
    Case(operation: .broadcast(shape: [20, 100], axes: [0]), shapes: [[20]]),
    Case(operation: .broadcast(shape: [4, 3, 5], axes: [1]), shapes: [[3]]),
    Case(operation: .broadcast(shape: [4, 3, 5], axes: [0, 2]), shapes: [[4, 5]]),
    Case(operation: .broadcast(shape: [4, 3, 5, 2], axes: [1, 3]), shapes: [[3, 2]]),
  ]

  static let products = [
    Case(operation: .matmul(transposeLeft: false, transposeRight: true), shapes: [[20, 1], [100, 1]]),
    Case(operation: .matmul(transposeLeft: false, transposeRight: true), shapes: [[20, 100], [1, 100]]),
    Case(operation: .matmul(transposeLeft: true, transposeRight: false), shapes: [[20, 1], [20, 100]]),
    Case(operation: .matmul(transposeLeft: true, transposeRight: false), shapes: [[20, 100], [20, 1]]),
    Case(operation: .matmul(transposeLeft: false, transposeRight: false), shapes: [[30, 40], [40, 50]]),
    Case(operation: .matmul(transposeLeft: true, transposeRight: true), shapes: [[40, 30], [50, 40]]),
  ]

  /// Sizes around those of vectors and tiles; strides and paddings that leave pixels out.
  static var convolutions: [Case] {
    [
      (2, 3, 20, SlidingWindow(height: 33, width: 17, windowHeight: 3, windowWidth: 3, padding: 1)),
      (1, 2, 8, SlidingWindow(height: 6, width: 32, windowHeight: 5, windowWidth: 3, padding: 2)),
      (3, 1, 1, SlidingWindow(height: 3, width: 2, windowHeight: 1, windowWidth: 2)),
      (2, 5, 33, SlidingWindow(height: 9, width: 11, windowHeight: 3, windowWidth: 4, stride: 2, padding: 1)),
      (2, 2, 3, SlidingWindow(height: 10, width: 8, windowHeight: 2, windowWidth: 1, stride: 3, padding: 4)),
      (2, 2, 3, SlidingWindow(height: 2, width: 3, windowHeight: 5, windowWidth: 4, padding: 2)),
    ].flatMap { examples, inputs, outputs, window -> [Case] in
      let shapes = [
        [examples, inputs, window.height, window.width],
        [outputs, inputs, window.windowHeight, window.windowWidth],
        [examples, outputs, window.outputHeight, window.outputWidth],
      ]
      return zip(ConvolutionRole.allCases, shapes.indices).map { role, made in
        Case(
          operation: .convolve(window, role), shapes: shapes.indices.filter { $0 != made }.map { shapes[$0] })
      }
    }
  }

  static var poolings: [Case] {
    [
      SlidingWindow(height: 6, width: 38, windowHeight: 2, windowWidth: 2, stride: 2),
      SlidingWindow(height: 5, width: 7, windowHeight: 2, windowWidth: 2, stride: 2),
      SlidingWindow(height: 7, width: 9, windowHeight: 3, windowWidth: 2, stride: 2),
      SlidingWindow(height: 8, width: 8, windowHeight: 1, windowWidth: 2, stride: 3),
    ].flatMap { window in
      let image = [2, 3, window.height, window.width],
        pooled = [2, 3, window.outputHeight, window.outputWidth]
      return [
        Case(operation: .averagePool(window, adjoint: false), shapes: [image]),
        Case(operation: .averagePool(window, adjoint: true), shapes: [pooled]),
        Case(operation: .maxPool(window), shapes: [image]),
        Case(operation: .pickMaxima(window, adjoint: false), shapes: [image, image]),
        Case(operation: .pickMaxima(window, adjoint: true), shapes: [image, pooled]),
      ]
    }
  }

  static let others = [
    Case(operation: .splat(0.5, TensorType([3, 7], .float)), shapes: []),
    Case(operation: .splat(-2, TensorType([], .double)), shapes: []),
    Case(operation: .reshape([6, 5]), shapes: [[2, 15]]),
    Case(operation: .reshape([30]), shapes: [[2, 15]]),
  ]

  static var table: [Case] { elementwise + sums + broadcasts + products + convolutions + poolings + others }

  @Test func theTableNamesEveryOperation() {
    #expect(OperationKind.missing(in: Self.table.map(\.operation)) == [])
  }

  @Test(arguments: table)
  func agreesWithTheReference(_ test: Case) throws {
    try expectReferenceValues(program(test, .float), Float.self)
    try expectReferenceValues(program(test, .double), Double.self)
  }

  /// After a relu most windows hold equal elements.
  @Test(arguments: poolings)
  func poolingTakesTheFirstOfEqualElements(_ test: Case) throws {
    let program = program(test, .float)
    let arguments = arguments(for: program, Float.self)
    for index in arguments[0].array.indices { arguments[0][index] = arguments[0][index] > 1 ? 1 : 0 }
    let expected = program.evaluate(arguments.map { $0.array.map(Double.init) })[0]
    for (value, exact) in zip(try run(program, arguments)[0], expected) {
      #expect(abs(Double(value) - exact) < 1e-5)
    }
  }

  func program(_ test: Case, _ scalar: ScalarKind) -> Program {
    var builder = ProgramBuilder(name: "\(test.operation)")
    var operands = test.shapes.indices.map { builder.input("x\($0)", TensorType(test.shapes[$0], scalar)) }
    switch test.operation {
    case .splat(let value, let type):
      builder.output("y", builder.splat(value, TensorType(type.shape, scalar)))
      return builder.build()
    case .map(.log1p), .map(.reciprocal): operands = operands.map { builder.map(.exp, $0) }
    default: break
    }
    builder.output("y", builder.append(test.operation, operands))
    return builder.build()
  }

  /// Each way of repeating an operand, on either side of each operation.
  @Test(arguments: broadcasts, [Operation.add, .subtract, .multiply])
  func repeatedOperands(_ test: Case, operation: Operation) throws {
    guard case .broadcast(let shape, let axes) = test.operation else { return }
    for scalar in [ScalarKind.float, .double] {
      var builder = ProgramBuilder(name: "repeated")
      let small = builder.input("small", TensorType(test.shapes[0], scalar))
      let large = builder.input("large", TensorType(shape, scalar))
      let repeated = builder.broadcast(small, to: shape, axes: axes)
      builder.output("right", builder.append(operation, [large, repeated]))
      builder.output("left", builder.append(operation, [repeated, large]))
      builder.output("both", builder.append(operation, [repeated, repeated]))
      let program = builder.build()
      if scalar == .float {
        try expectReferenceValues(program, Float.self)
      } else {
        try expectReferenceValues(program, Double.self)
      }
    }
  }
}
