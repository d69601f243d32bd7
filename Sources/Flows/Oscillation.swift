import Complementarity
import LinearAlgebra
import Spectra

/// The oscillation along the critical directions at one point: the solution of the complementarity problem of one substep.
///
/// With `Sigma = U X U^T` the averaged weights move by `-P^-1 (g + 1/2 sum_ij X_ij T_ij)`, `T_ij = D^3 L[u_i, u_j]`, and the
/// averaged squares of the gradient grow by those of `H` times the oscillation. `X` is such that after the substep, to first
/// order,
///
///     S = U^T (2 P - H) U >= 0,    X >= 0,    <X, S> = 0.
///
/// `S` begins with its true value here, so that what a substep has overshot by the next one takes back.
struct Oscillation<Scalar: RealScalar> {
  /// The critical directions `u`.
  let directions: [Vector<Scalar>]
  /// `X`, with the certificate.
  let solution: ComplementaritySolution
  /// `T` of every pair of directions, in packed order.
  private let thirdDerivatives: [Vector<Scalar>]
  private let packed: PackedSymmetric
  private let small: SmallMatrices
  private let metric: FlowMetric<Scalar>

  /// States the problem of a substep of some length, and solves it.
  init(
    along directions: [Vector<Scalar>], _ hessian: any FlowLinearization<Scalar>,
    at point: inout FlowPoint<Scalar>,
    _ metric: FlowMetric<Scalar>, length: Double
  ) throws {
    let packed = PackedSymmetric(size: directions.count)
    (self.directions, self.metric, self.packed) = (directions, metric, packed)
    let zero = { (_: Any) in Vector<Scalar>(count: hessian.dimension) }
    let (images, thirds) = (directions.map(zero), packed.places.map(zero))
    try hessian.thirdDerivatives(
      along: directions, pairs: packed.places.map { ($0.row, $0.column) }, products: images,
      thirdDerivatives: thirds)
    point.work.products += directions.count
    point.work.thirdDerivatives += packed.count
    thirdDerivatives = thirds
    small = SmallMatrices(directions, images, metric)
    let gram = WeightedGram.matrix(thirds + [point.gradient], weights: metric.inverse)
    let (rates, response) = metric.response(
      of: directions, small.overlaps, packed, momentRates: point.momentRates(metric))
    let constant = packed.unpack(
      packed.places.indices.map { packed.weight(packed.places[$0]) * gram[$0, packed.count] })
    let drift = metric.drift.factor * small.scales + metric.drift.offset * small.overlaps + rates
    solution = ComplementarityProblem(
      constant: 2 * small.scales - small.hessian + length * (2 * drift + constant),
      response: length * (response + packed.scaled(0.5 * gram))
    ).solve()
  }

  /// The averaged gradient: that at the centre plus half the derivative of `<Sigma, H>`.
  func force(_ gradient: Vector<Scalar>) -> Vector<Scalar> {
    let force = Vector<Scalar>(count: gradient.count)
    let factors = packed.places.map { place in
      // Every pair of two directions stands twice in the sum.
      solution.matrix[place.row, place.column] * (place.row == place.column ? 0.5 : 1)
    }
    force.combine([gradient] + thirdDerivatives, factors: [1] + factors)
    return force
  }

  /// Variances along their own directions `v`, with `v^T P v = 1`; descending.
  var modes: [(variance: Double, direction: Vector<Scalar>)] {
    guard let eigen = solution.matrix.symmetricEigen else { return [] }
    return eigen.values.indices.reversed().map { index in
      let direction = Vector<Scalar>(count: metric.scales.count)
      direction.combine(directions, factors: Array(eigen.vector(index)))
      return (eigen.values[index], direction)
    }
  }

  /// Adds the squares of the gradient that the oscillation makes.
  func addSquares(to squares: Vector<Double>) {
    guard squares.count > 0 else { return }
    for mode in modes where mode.variance > 0 {
      squares.add(metric.squaresOfOscillation(along: mode.direction), scaledBy: mode.variance)
    }
  }

  /// Completes what is predicted without it.
  func complete(_ prediction: inout FlowPrediction) {
    let matrix = solution.matrix
    prediction.variances = modes.map { max(0, $0.variance) }
    prediction.loss += 0.5 * matrix.dot(small.hessian)
    prediction.squaredGradientNorm += 4 * matrix.dot(small.squaredScales)
    prediction.covarianceTrace = matrix.dot(small.overlaps)
  }
}

/// Matrices `U^T M U` of the critical directions.
private struct SmallMatrices {
  /// With `M = P`: nearly the identity.
  let scales: DenseMatrix
  /// With the identity.
  let overlaps: DenseMatrix
  /// With `P^2`.
  let squaredScales: DenseMatrix
  /// With the Hessian.
  let hessian: DenseMatrix

  init<Scalar: RealScalar>(
    _ directions: [Vector<Scalar>], _ images: [Vector<Scalar>], _ metric: FlowMetric<Scalar>
  ) {
    let (ones, squares) = (
      Vector<Double>(count: metric.scales.count), Vector<Double>(count: metric.scales.count)
    )
    ones.fill(1)
    squares.becomeProduct(of: metric.diagonal, metric.diagonal)
    scales = WeightedGram.matrix(directions, weights: metric.diagonal)
    overlaps = WeightedGram.matrix(directions, weights: ones)
    squaredScales = WeightedGram.matrix(directions, weights: squares)
    let products = DenseMatrix(directions.count, images.count, directions.flatMap { $0.dots(images) })
    hessian = 0.5 * (products + products.transposed)
  }
}

extension PackedSymmetric {
  /// A matrix over pairs of directions, of which only the first rows and columns count, in coordinates.
  fileprivate func scaled(_ matrix: DenseMatrix) -> DenseMatrix {
    var result = DenseMatrix(count, count)
    for row in 0..<count {
      for column in 0..<count {
        result[row, column] = weight(places[row]) * weight(places[column]) * matrix[row, column]
      }
    }
    return result
  }
}

extension FlowMetric {
  /// How `P` changes with the moments, along directions `U`: `U^T dP U` per unit of time without an oscillation, and as a
  /// linear map of `X`, in coordinates.
  ///
  /// In the latter `2 P u` stands for `H u`, which is the same where there is an oscillation: that makes the map symmetric.
  fileprivate func response(
    of directions: [Vector<Scalar>], _ overlaps: DenseMatrix, _ packed: PackedSymmetric,
    momentRates: Vector<Double>
  ) -> (rates: DenseMatrix, response: DenseMatrix) {
    switch pooling {
    case .none:
      return (DenseMatrix(packed.size, packed.size), DenseMatrix(packed.count, packed.count))
    case .sum:
      let coordinates = packed.pack(overlaps)
      let column = DenseMatrix(packed.count, 1, coordinates)
      let strength = 8 * rate * momentSlopes[0] * diagonal[0] * diagonal[0]
      return (momentSlopes[0] * momentRates[0] * overlaps, strength * (column * column.transposed))
    case .each:
      let (slopes, strengths) = (Vector<Double>(count: diagonal.count), Vector<Double>(count: diagonal.count))
      slopes.becomeProduct(of: momentSlopes, momentRates)
      strengths.becomeProduct(of: diagonal, diagonal)
      strengths.multiply(by: momentSlopes)
      strengths.scale(by: 8 * rate)
      let pairs = WeightedGram.pairMatrix(directions, pairs: packed.places, weights: strengths)
      return (WeightedGram.matrix(directions, weights: slopes), packed.scaled(pairs))
    }
  }
}
