import Flows
import LinearAlgebra
import Spectra

/// A polynomial of a few weights, whose derivatives of all orders are exact.
struct Polynomial {
  /// Each a factor times a product of weights, named by their indices, with repetition.
  var terms: [(factor: Double, weights: [Int])]

  func value(_ w: [Double]) -> Double {
    terms.reduce(0) { sum, term in sum + term.weights.reduce(term.factor) { $0 * w[$1] } }
  }

  func derivative(_ index: Int) -> Polynomial {
    var result = Polynomial(terms: [])
    for term in terms {
      let power = term.weights.filter { $0 == index }.count
      guard power > 0, let place = term.weights.firstIndex(of: index) else { continue }
      var rest = term.weights
      rest.remove(at: place)
      result.terms.append((term.factor * Double(power), rest))
    }
    return result
  }

  /// `factor / 2 (w[index] - centre)^2`.
  mutating func addParabola(_ index: Int, around centre: Double, factor: Double) {
    terms += [(factor / 2, [index, index]), (-factor * centre, [index]), (factor / 2 * centre * centre, [])]
  }
}

/// A polynomial as the loss of a flow; after `callsLeft` calls all throw.
final class PolynomialLoss<Scalar: RealScalar>: FlowObjective {
  struct Left: Error {}

  let parameterCount: Int
  let value: Polynomial
  let gradients: [Polynomial]
  let hessians: [[Polynomial]]
  let thirds: [[[Polynomial]]]
  var callsLeft = Int.max

  init(_ value: Polynomial, count: Int) {
    (parameterCount, self.value) = (count, value)
    gradients = (0..<count).map(value.derivative)
    hessians = gradients.map { gradient in (0..<count).map(gradient.derivative) }
    thirds = hessians.map { row in row.map { entry in (0..<count).map(entry.derivative) } }
  }

  func gradient(_ w: [Double]) -> [Double] { gradients.map { $0.value(w) } }
  func hessian(_ w: [Double]) -> [[Double]] { hessians.map { $0.map { $0.value(w) } } }
  func third(_ w: [Double]) -> [[[Double]]] { thirds.map { $0.map { $0.map { $0.value(w) } } } }

  func count() throws {
    guard callsLeft > 0 else { throw Left() }
    callsLeft -= 1
  }

  func flowGradient(at weights: Vector<Scalar>, into result: Vector<Scalar>) throws -> Double {
    try count()
    let w = weights.array.map(Double.init)
    for (index, element) in gradient(w).enumerated() { result[index] = Scalar(element) }
    return value.value(w)
  }

  func flowLinearization(at weights: Vector<Scalar>) throws -> any FlowLinearization<Scalar> {
    try count()
    return PolynomialLinearization(self, weights.array.map(Double.init))
  }

  func flowLinearization(
    at weights: Vector<Scalar>, gradient: Vector<Scalar>
  ) throws -> (linearization: any FlowLinearization<Scalar>, loss: Double) {
    let loss = try flowGradient(at: weights, into: gradient)
    return (PolynomialLinearization(self, weights.array.map(Double.init)), loss)
  }
}

private final class PolynomialLinearization<Scalar: RealScalar>: FlowLinearization {
  private let loss: PolynomialLoss<Scalar>
  private let hessian: [[Double]]
  private let third: [[[Double]]]

  init(_ loss: PolynomialLoss<Scalar>, _ w: [Double]) {
    (self.loss, hessian, third) = (loss, loss.hessian(w), loss.third(w))
  }

  var dimension: Int { loss.parameterCount }

  func apply(_ x: Vector<Scalar>, into y: Vector<Scalar>) throws {
    try loss.count()
    for (index, element) in multiply(hessian, x.array.map(Double.init)).enumerated() {
      y[index] = Scalar(element)
    }
  }

  func thirdDerivatives(
    along directions: [Vector<Scalar>], pairs: [(Int, Int)], products: [Vector<Scalar>],
    thirdDerivatives: [Vector<Scalar>]
  ) throws {
    for (direction, product) in zip(directions, products) { try apply(direction, into: product) }
    for (pair, result) in zip(pairs, thirdDerivatives) {
      let (u, v) = (directions[pair.0].array.map(Double.init), directions[pair.1].array.map(Double.init))
      for index in 0..<dimension { result[index] = Scalar(dot(u, multiply(third[index], v))) }
    }
  }
}

func dot(_ left: [Double], _ right: [Double]) -> Double { zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } }
func multiply(_ matrix: [[Double]], _ vector: [Double]) -> [Double] { matrix.map { dot($0, vector) } }

extension Polynomial {
  /// `y x^2 / 2 + q / 2 (y - Y)^2` of `(x, y)`.
  static func oneDirection(q: Double, target: Double) -> Polynomial {
    var polynomial = Polynomial(terms: [(0.5, [1, 0, 0])])
    polynomial.addParabola(1, around: target, factor: q)
    return polynomial
  }

  /// Two oscillating directions `x` and five other weights, coupled: nothing about it is symmetric.
  static var coupled: Polynomial {
    var polynomial = Polynomial(terms: [
      (0.5, [2, 0, 0]), (0.5, [3, 1, 1]), (0.6, [4, 0, 1]), (0.1, [5, 0, 2]), (-0.05, [6, 1, 3]),
      (0.02, [0, 0, 0, 0]), (0.03, [1, 1, 1, 1]), (0.04, [4, 5, 6]), (0.003, [2, 3, 5]), (0.01, [2, 2, 6]),
    ])
    for (index, target) in [0, 0, 4.3, 4.4, 0.3, -0.5, 0.7].enumerated() where index > 1 {
      polynomial.addParabola(index, around: target, factor: 0.05 + 0.01 * Double(index))
    }
    return polynomial
  }

  /// Where flows of `coupled` start.
  static let coupledStart = [0.02, -0.01, 3.2, 3.0, 0.1, 0.2, -0.1]
}
