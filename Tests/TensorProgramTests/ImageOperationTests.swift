import TensorProgram
import TestSupport
import Testing

/// Convolution and pooling against loops written from their definitions, and closed forms.
@Suite struct ImageOperationTests {
  struct Geometry: Sendable, CustomTestStringConvertible {
    var examples = 2, inputs = 2, outputs = 3
    var height: Int, width: Int, kernel: Int, stride: Int, padding: Int
    var testDescription: String { "\(height)x\(width) kernel \(kernel) stride \(stride) padding \(padding)" }
  }

  /// Cross-correlation over an image that is really surrounded by zeros.
  func naiveConvolution(_ g: Geometry, _ x: [Double], _ w: [Double]) -> [Double] {
    let (h, v) = (g.height + 2 * g.padding, g.width + 2 * g.padding)
    var result: [Double] = []
    for n in 0..<g.examples {
      var padded = Array(
        repeating: Array(repeating: Array(repeating: 0.0, count: v), count: h), count: g.inputs)
      for c in 0..<g.inputs {
        for i in 0..<g.height {
          for j in 0..<g.width {
            padded[c][i + g.padding][j + g.padding] = x[((n * g.inputs + c) * g.height + i) * g.width + j]
          }
        }
      }
      for o in 0..<g.outputs {
        for top in stride(from: 0, through: h - g.kernel, by: g.stride) {
          for left in stride(from: 0, through: v - g.kernel, by: g.stride) {
            var sum = 0.0
            for c in 0..<g.inputs {
              for p in 0..<g.kernel {
                for q in 0..<g.kernel {
                  sum += padded[c][top + p][left + q] * w[((o * g.inputs + c) * g.kernel + p) * g.kernel + q]
                }
              }
            }
            result.append(sum)
          }
        }
      }
    }
    return result
  }

  @Test(
    arguments: [
      Geometry(height: 5, width: 4, kernel: 3, stride: 1, padding: 1),
      Geometry(height: 5, width: 6, kernel: 3, stride: 1, padding: 0),
      Geometry(height: 7, width: 6, kernel: 3, stride: 2, padding: 1),
      Geometry(height: 4, width: 4, kernel: 1, stride: 3, padding: 0),
      Geometry(height: 3, width: 5, kernel: 5, stride: 2, padding: 2),
    ])
  func convolutionIsCrossCorrelation(_ g: Geometry) {
    var builder = ProgramBuilder(name: "conv2d")
    let x = builder.input("x", TensorType([g.examples, g.inputs, g.height, g.width], .double))
    let w = builder.input("w", TensorType([g.outputs, g.inputs, g.kernel, g.kernel], .double))
    builder.output("y", builder.conv2d(x, weight: w, stride: g.stride, padding: g.padding))
    let program = builder.build()
    var generator = SeededGenerator(seed: 3)
    let point = randomPoint(of: program, using: &generator)
    let expected = [naiveConvolution(g, point[0], point[1])]
    #expect(distance(program.evaluate(point), expected) <= 1e-13 * norm(expected))
  }

  func apply(_ operation: Operation, _ operands: ([Int], [Double])...) -> [Double] {
    var builder = ProgramBuilder(name: "test")
    let inputs = operands.enumerated().map { builder.input("x\($0)", TensorType($1.0, .double)) }
    builder.output("y", builder.append(operation, inputs))
    return builder.build().evaluate(operands.map(\.1))[0]
  }

  static let squares = SlidingWindow(height: 2, width: 5, windowHeight: 2, windowWidth: 2, stride: 2)
  static let rows = SlidingWindow(height: 1, width: 4, windowHeight: 1, windowWidth: 3)
  let image = ([2, 5], [1, 2, 3, 4, 9, 5, 6, 3, 0, 9.0])

  @Test func poolingLeavesOutWhatFillsNoWindow() {
    #expect(apply(.averagePool(Self.squares, adjoint: false), image) == [3.5, 2.5])
    #expect(
      apply(.averagePool(Self.squares, adjoint: true), ([1, 2], [4, 8])) == [1, 1, 2, 2, 0, 1, 1, 2, 2, 0])
    #expect(apply(.maxPool(Self.squares), image) == [6, 4])
    let tangent = ([2, 5], (0..<10).map(Double.init))
    #expect(apply(.pickMaxima(Self.squares, adjoint: false), image, tangent) == [6, 3])
    #expect(
      apply(.pickMaxima(Self.squares, adjoint: true), image, ([1, 2], [7, 8])) == [
        0, 0, 0, 8, 0, 0, 7, 0, 0, 0,
      ])
  }

  @Test func theFirstOfEqualElementsIsTheLargestAndOverlapsAddUp() {
    let ties = ([1, 4], [1, 2, 2, 2.0])
    #expect(apply(.pickMaxima(Self.rows, adjoint: false), ties, ([1, 4], [10, 20, 30, 40])) == [20, 20])
    #expect(apply(.pickMaxima(Self.rows, adjoint: true), ties, ([1, 2], [5, 6])) == [0, 11, 0, 0])
    #expect(apply(.averagePool(Self.rows, adjoint: true), ([1, 2], [3, 6])) == [1, 3, 3, 2])
  }

  @Test func aNaNExceedsAllNumbers() {
    let places = ([1, 4], [1, Double.nan, .infinity, .nan])
    #expect(apply(.pickMaxima(Self.rows, adjoint: false), places, ([1, 4], [10, 20, 30, 40])) == [20, 20])
  }

  @Test func reshapesVanishWhereTheyDoNothing() {
    var builder = ProgramBuilder(name: "reshape")
    let x = builder.input("x", TensorType([2, 6], .double))
    let images = builder.reshape(x, to: [2, 1, 3, 2])
    #expect(builder.reshape(x, to: [2, 6]) == x)
    #expect(builder.reshape(images, to: [2, 6]) == x)
    #expect(builder.reshape(images, to: [12]) == builder.reshape(x, to: [12]))
  }

  /// One trilinear form: the gradients of `<conv(x, w), y>` are the other two operations, and all agree on it.
  @Test func theThreeConvolutionsShareOneForm() {
    let window = SlidingWindow(height: 4, width: 5, windowHeight: 3, windowWidth: 2, stride: 2, padding: 1)
    var generator = SeededGenerator(seed: 5)
    let x = ([2, 3, 4, 5], generator.vector(120)), w = ([2, 3, 3, 2], generator.vector(36))
    let y = ([2, 2, 2, 3], generator.vector(24))
    let form = dot([apply(.convolve(window, .output), x, w)], [y.1])
    #expect(abs(dot([apply(.convolve(window, .input), w, y)], [x.1]) - form) <= 1e-12 * abs(form))
    #expect(abs(dot([apply(.convolve(window, .weight), x, y)], [w.1]) - form) <= 1e-12 * abs(form))
  }
}
