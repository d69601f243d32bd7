import TensorProgram
import Testing

@Suite struct EvaluateTests {
  /// The result of one operation on inputs with these shapes and elements.
  func apply(_ operation: Operation, _ operands: ([Int], [Double])...) -> [Double] {
    var builder = ProgramBuilder(name: "test")
    let inputs = operands.enumerated().map { builder.input("x\($0)", TensorType($1.0, .double)) }
    let result = builder.append(operation, inputs)
    builder.output("y", result)
    return builder.build().evaluate(operands.map(\.1))[0]
  }

  @Test func matmulTakesEitherOperandTransposed() {
    let left = ([2, 3], [1, 2, 3, 4, 5, 6.0]), leftT = ([3, 2], [1, 4, 2, 5, 3, 6.0])
    let right = ([3, 2], [1, 0, 2, 1, 0, 3.0]), rightT = ([2, 3], [1, 2, 0, 0, 1, 3.0])
    let product: [Double] = [5, 11, 14, 23]
    #expect(apply(.matmul(transposeLeft: false, transposeRight: false), left, right) == product)
    #expect(apply(.matmul(transposeLeft: false, transposeRight: true), left, rightT) == product)
    #expect(apply(.matmul(transposeLeft: true, transposeRight: false), leftT, right) == product)
    #expect(apply(.matmul(transposeLeft: true, transposeRight: true), leftT, rightT) == product)
  }

  @Test func arithmetic() {
    let (a, b) = (([2], [1, 2.0]), ([2], [10, -3.0]))
    #expect(apply(.add, a, b) == [11, -1])
    #expect(apply(.subtract, a, b) == [-9, 5])
    #expect(apply(.multiply, a, b) == [10, -6])
    #expect(apply(.scale(-2), a) == [-2, -4])
    #expect(apply(.offset(0.5), a) == [1.5, 2.5])
    #expect(apply(.splat(7, TensorType([2, 1], .double))) == [7, 7])
  }

  @Test func broadcastAndSumRepeatAndCollectAlongAxes() {
    #expect(apply(.broadcast(shape: [2, 3], axes: [1]), ([3], [1, 2, 3])) == [1, 2, 3, 1, 2, 3])
    #expect(apply(.broadcast(shape: [2, 3], axes: [0]), ([2], [1, 2])) == [1, 1, 1, 2, 2, 2])
    #expect(
      apply(.broadcast(shape: [2, 2, 2], axes: [0, 2]), ([2, 2], [1, 2, 3, 4])) == [1, 2, 1, 2, 3, 4, 3, 4])
    let cube = ([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8.0])
    #expect(apply(.sum(axes: [1]), cube) == [4, 6, 12, 14])
    #expect(apply(.sum(axes: [0, 2]), cube) == [14, 22])
    #expect(apply(.sum(axes: [0, 1, 2]), cube) == [36])
  }

  /// Values to 16 digits from tables (Abramowitz and Stegun, chapters 4 and 7) and identities.
  @Test(
    arguments: [
      (.tanh, 0.5, 0.4621171572600097), (.exp, 1, 2.718281828459045), (.expm1, 1e-9, 1.0000000005e-9),
      (.erf, 0.5, 0.5204998778130465), (.sigmoid, -800, 0), (.sigmoid, 0, 0.5), (.sigmoid, 800, 1),
      (.softplus, 0, 0.6931471805599453), (.softplus, 800, 800), (.softplus, -800, 0),
      (.clamp(lower: -1, upper: 2), 3, 2), (.clamp(lower: -1, upper: 2), -3, -1),
      (.clamp(lower: 0, upper: .infinity), 3, 3), (.within(lower: -1, upper: 2), 2, 0),
      (.within(lower: -1, upper: 2), 1.5, 1), (.within(lower: -1, upper: 2), -1, 0),
    ] as [(ElementwiseFunction, Double, Double)])
  func elementwiseFunctions(function: ElementwiseFunction, x: Double, expected: Double) {
    let value = apply(.map(function), ([1], [x]))[0]
    #expect(abs(value - expected) <= 4e-16 * abs(expected), "\(function)(\(x)) = \(value)")
  }
}
