import LinearAlgebra

extension FlowGeometry.Pooling {
  /// What the moments of a vector's squares approach: nothing, its squared norm, or its squares.
  func squares<Scalar: RealScalar>(of vector: Vector<Scalar>) -> Vector<Double> {
    let squares = Vector<Double>(count: count(vector.count))
    switch self {
    case .none: break
    case .sum: squares[0] = vector.dot(vector)
    case .each: writeSquares(of: vector, into: squares)
    }
    return squares
  }
}

@specialized(where Scalar == Float)
@specialized(where Scalar == Double)
private func writeSquares<Scalar: RealScalar>(of vector: Vector<Scalar>, into squares: Vector<Double>) {
  vector.withSpan { vector in
    squares.withMutableSpan { squares in
      for index in vector.indices { squares[index] = Double(vector[index]) * Double(vector[index]) }
    }
  }
}

/// The preconditioner `P` at one time, step size included, and its derivatives.
struct FlowMetric<Scalar: RealScalar> {
  /// `P`, as what moves the weights uses it.
  let scales: Vector<Scalar>
  /// `P`.
  let diagonal: Vector<Double>
  /// `P^-1`, and 0 where `P` is 0.
  let inverse: Vector<Double>
  /// The derivative of `P` by each moment; 0 where the moment is 0, where the root has none: such a weight never had a
  /// gradient, and does not move.
  let momentSlopes: Vector<Double>
  /// The derivative of `P` by time, moments fixed, is `factor * P + offset`.
  let drift: (factor: Double, offset: Double)
  private let geometry: FlowGeometry

  /// How squares make moments.
  var pooling: FlowGeometry.Pooling { geometry.pooling }
  /// The rate `kappa` of the moments.
  var rate: Double { geometry.rate }

  /// The metric for moments that belong to a time after a state's.
  init(
    _ state: FlowState<Scalar>, _ moments: Vector<Scalar>, time: Double,
    stepSize: (value: Double, slope: Double)
  ) {
    geometry = state.geometry
    let (eta, count) = (stepSize.value, state.parameters)
    let correction = geometry.correction(after: Double(state.updates) + time)
    (scales, diagonal, inverse) = (Vector(count: count), Vector(count: count), Vector(count: count))
    momentSlopes = Vector(count: moments.count)
    switch geometry.pooling {
    case .none: diagonal.fill(1 / eta)
    case .sum, .each:
      Self.write(geometry.epsilon, correction.value, eta, moments, diagonal, momentSlopes)
      if geometry.pooling == .sum { diagonal.fill(diagonal[0]) }
    }
    Self.invert(diagonal, inverse, scales)
    // Only the root feels the correction, and everything the step size.
    let byRoot = geometry.pooling == .none ? 0 : -correction.logarithmicSlope / 2
    drift = (byRoot - stepSize.slope / eta, -byRoot * geometry.epsilon / eta)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private static func write(
    _ epsilon: Double, _ correction: Double, _ eta: Double, _ moments: Vector<Scalar>,
    _ diagonal: Vector<Double>, _ slopes: Vector<Double>
  ) {
    for index in 0..<moments.count {
      let root = (Double(moments[index]) / correction).squareRoot()
      diagonal[index] = (root + epsilon) / eta
      slopes[index] = root > 0 ? 1 / (2 * eta * correction * root) : 0
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private static func invert(
    _ diagonal: Vector<Double>, _ inverse: Vector<Double>, _ scales: Vector<Scalar>
  ) {
    for index in 0..<diagonal.count {
      scales[index] = Scalar(diagonal[index])
      inverse[index] = scales[index] == 0 ? 0 : 1 / diagonal[index]
    }
  }

  /// `kappa (squares - nu)`.
  func momentRates(_ moments: Vector<Scalar>, towards squares: Vector<Double>) -> Vector<Double> {
    let rates = Vector<Double>(count: moments.count)
    for index in 0..<moments.count {
      rates[index] = geometry.rate * (squares[index] - Double(moments[index]))
    }
    return rates
  }

  /// The squares that an oscillation of variance 1 along a critical direction adds to those of the gradient:
  /// `(2 P u)^2`, because `H u = 2 P u`.
  func squaresOfOscillation(along direction: Vector<Scalar>) -> Vector<Double> {
    geometry.pooling.squares(of: image(of: direction))
  }

  /// `2 P u`.
  private func image(of direction: Vector<Scalar>) -> Vector<Double> {
    let image = Vector<Double>(count: direction.count)
    for index in 0..<direction.count { image[index] = 2 * diagonal[index] * Double(direction[index]) }
    return image
  }
}
