import Conformance
import TensorProgram
import TestSupport
import Testing

/// Every operation, activation and loss alone, to third order.
@Suite struct OperationDerivativeTests {
  static let plain = SlidingWindow(height: 3, width: 4, windowHeight: 2, windowWidth: 3)
  static let strided = SlidingWindow(
    height: 4, width: 5, windowHeight: 3, windowWidth: 3, stride: 2, padding: 1)
  static let overlapping = SlidingWindow(height: 5, width: 4, windowHeight: 3, windowWidth: 3, stride: 2)

  static let table: [(Operation, [[Int]])] = [
    (.splat(2, TensorType([3], .double)), []),
    (.matmul(transposeLeft: false, transposeRight: false), [[2, 3], [3, 4]]),
    (.matmul(transposeLeft: false, transposeRight: true), [[2, 3], [4, 3]]),
    (.matmul(transposeLeft: true, transposeRight: false), [[3, 2], [3, 4]]),
    (.matmul(transposeLeft: true, transposeRight: true), [[3, 2], [4, 3]]),
    (.add, [[2, 3], [2, 3]]),
    (.subtract, [[2, 3], [2, 3]]),
    (.multiply, [[2, 3], [2, 3]]),
    (.scale(-1.5), [[2, 3]]),
    (.offset(0.3), [[2, 3]]),
    (.broadcast(shape: [4, 2, 3], axes: [0, 2]), [[4, 3]]),
    (.broadcast(shape: [2, 2], axes: []), [[]]),
    (.sum(axes: [1]), [[2, 3, 4]]),
    (.sum(axes: [0, 2]), [[2, 3, 4]]),
    (.map(.tanh), [[5]]),
    (.map(.exp), [[5]]),
    (.map(.log1p), [[5]]),
    (.map(.reciprocal), [[5]]),
    (.map(.expm1), [[5]]),
    (.map(.erf), [[5]]),
    (.map(.sigmoid), [[5]]),
    (.map(.softplus), [[5]]),
    (.map(.clamp(lower: -0.5, upper: 0.5)), [[8]]),
    (.map(.within(lower: -0.5, upper: 0.5)), [[8]]),
    (.reshape([3, 2]), [[6]]),
    (.convolve(plain, .output), [[2, 2, 3, 4], [3, 2, 2, 3]]),
    (.convolve(plain, .input), [[3, 2, 2, 3], [2, 3, 2, 2]]),
    (.convolve(plain, .weight), [[2, 2, 3, 4], [2, 3, 2, 2]]),
    (.convolve(strided, .output), [[1, 2, 4, 5], [2, 2, 3, 3]]),
    (.convolve(strided, .input), [[2, 2, 3, 3], [1, 2, 2, 3]]),
    (.convolve(strided, .weight), [[1, 2, 4, 5], [1, 2, 2, 3]]),
    (.averagePool(overlapping, adjoint: false), [[2, 5, 4]]),
    (.averagePool(overlapping, adjoint: true), [[2, 2, 1]]),
    (.maxPool(overlapping), [[2, 5, 4]]),
    (.pickMaxima(overlapping, adjoint: false), [[2, 5, 4], [2, 5, 4]]),
    (.pickMaxima(overlapping, adjoint: true), [[2, 5, 4], [2, 2, 1]]),
  ]

  @Test func theTableNamesEveryOperation() {
    #expect(OperationKind.missing(in: Self.table.map(\.0)) == [])
  }

  @Test(arguments: table)
  func operation(operation: Operation, shapes: [[Int]]) {
    var builder = ProgramBuilder(name: "operation")
    // Each operand is one input times another, so that tangents arrive with a factor and meet again.
    let shared = builder.input("s", TensorType([], .double))
    let operands = shapes.enumerated().map { index, shape in
      let operand = builder.input("x\(index)", TensorType(shape, .double))
      let factor = builder.broadcast(shared, to: shape, axes: [])
      let product = builder.multiply(operand, factor)
      // Away from the poles of 1 / x and log(1 + x).
      return [.map(.reciprocal), .map(.log1p)].contains(operation)
        ? builder.offset(product, by: 2.5) : product
    }
    builder.output("y", builder.append(operation, operands))
    check(builder.build())
  }

  @Test func operandsMayCoincide() {
    for operation in [
      Operation.add, .subtract, .multiply, .matmul(transposeLeft: true, transposeRight: false),
    ] {
      var builder = ProgramBuilder(name: "square")
      let x = builder.input("x", TensorType([3, 3], .double))
      let y = builder.tanh(x)
      builder.output("z", builder.append(operation, [y, y]))
      check(builder.build())
    }
  }

  @Test(arguments: Activation.allCases)
  func activation(activation: Activation) {
    var builder = ProgramBuilder(name: activation.rawValue)
    let x = builder.input("x", TensorType([6], .double))
    let scaled = builder.scale(x, by: 2)
    builder.output("y", activation(scaled, in: &builder))
    check(builder.build())
  }

  @Test(arguments: LossFunction.allCases)
  func loss(loss: LossFunction) {
    var builder = ProgramBuilder(name: loss.rawValue)
    let prediction = builder.input("prediction", TensorType([3, 4], .double))
    let target = builder.input("target", TensorType([3, 4], .double))
    builder.output("loss", loss(prediction, target, in: &builder))
    check(builder.build())
  }

  func check(_ program: Program) {
    var generator = SeededGenerator(seed: 7)
    let point = randomPoint(of: program, using: &generator)
    checkDerivatives(
      of: program, at: point, withRespectTo: program.inputs.map(\.name), using: &generator)
  }

  /// Where an activation has a kink, its derivative is that of PyTorch.
  @Test(
    arguments: [
      (.relu, 0, 0), (.elu, 0, 1), (.hardtanh, 1, 0), (.hardtanh, -1, 0), (.softplus, 0, 0.5),
      (.gelu, 0, 0.5),
    ] as [(Activation, Double, Double)])
  func derivativeAtSpecialPoints(activation: Activation, x: Double, expected: Double) {
    var builder = ProgramBuilder(name: activation.rawValue)
    let input = builder.input("x", TensorType([], .double))
    builder.output("y", activation(input, in: &builder))
    let gradient = builder.build().gradient(withRespectTo: ["x"])
    #expect(gradient.evaluate([[x]])[1] == [expected])
  }
}
