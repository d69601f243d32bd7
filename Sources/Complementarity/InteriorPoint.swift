import LinearAlgebra

/// Where the interior-point method stopped.
struct InteriorPoint {
  var matrix: DenseMatrix
  var slack: DenseMatrix
  var iterations = 0
}

extension ScaledProblem {
  private static let mostIterations = 80
  private static let precision = 1e-14
  /// How much of the way to the boundary a step takes.
  private static let caution = 0.99

  /// Follows the central path from the identity, feasible or not, until the conditions hold to rounding or a factorisation
  /// fails.
  ///
  /// - Returns: the iterate that missed them least.
  func followCentralPath() -> InteriorPoint {
    let identity = DenseMatrix(diagonal: [Double](repeating: 1, count: size))
    var point = InteriorPoint(matrix: identity, slack: identity)
    var (best, least) = (point, Double.infinity)
    while point.iterations < Self.mostIterations {
      let miss = miss(point)
      if miss < least { (best, least) = (point, miss) }
      guard miss > Self.precision, let next = step(from: point) else { break }
      point = next
      point.iterations += 1
    }
    best.iterations = point.iterations
    return best
  }

  private func miss(_ point: InteriorPoint) -> Double {
    let complementarity = point.matrix.dot(point.slack) / Double(size)
    return max(complementarity, residual(point).norm) / (1 + point.matrix.norm)
  }

  /// `A + B[X] - S`.
  private func residual(_ point: InteriorPoint) -> DenseMatrix {
    constant + response(to: point.matrix) - point.slack
  }

  /// One predictor and corrector; nil where a factorisation fails, as it does next to the solution.
  private func step(from point: InteriorPoint) -> InteriorPoint? {
    guard let scaling = Scaling(point), let equations = equations(scaling) else { return nil }
    let residual = packed.pack(scaling.inward(residual(point)))
    func direction(_ aim: DenseMatrix) -> (matrix: DenseMatrix, slack: DenseMatrix) {
      let aim = packed.pack(scaling.divided(aim))
      let matrix = equations.solve(zip(aim, residual).map { $0 - $1 })
      return (packed.unpack(matrix), packed.unpack(zip(aim, matrix).map { $0 - $1 }))
    }
    let square = DenseMatrix(diagonal: scaling.values.map { -$0 * $0 })
    let predictor = direction(square)
    let mean = scaling.meanProduct(along: predictor, by: 0)
    let length = min(1, scaling.room(predictor.matrix), scaling.room(predictor.slack))
    let ratio = scaling.meanProduct(along: predictor, by: length) / mean
    let centre = DenseMatrix(diagonal: [Double](repeating: ratio * ratio * ratio * mean, count: size))
    let mixed = predictor.matrix * predictor.slack
    let corrector = direction(square + centre - 0.5 * (mixed + mixed.transposed))
    let room = min(scaling.room(corrector.matrix), scaling.room(corrector.slack))
    let taken = min(1, Self.caution * room)
    return InteriorPoint(
      matrix: point.matrix + taken * scaling.outward(corrector.matrix),
      slack: point.slack + taken * scaling.outwardSlack(corrector.slack), iterations: point.iterations)
  }

  /// The factor of `I + K^T B K`, `K` being the scaling in packed coordinates.
  private func equations(_ scaling: Scaling) -> Cholesky? {
    let image = root * packed.congruence(scaling.factor)
    let identity = DenseMatrix(diagonal: [Double](repeating: 1, count: packed.count))
    return Cholesky(identity + image.transposed * image)
  }
}

/// Nesterov and Todd's scaling `R`: `R^-1 X R^-T = R^T S R` is diagonal.
private struct Scaling {
  /// `R`.
  let factor: DenseMatrix
  /// `R^-T`.
  let inverseTransposed: DenseMatrix
  /// The diagonal of both scaled matrices.
  let values: [Double]

  init?(_ point: InteriorPoint) {
    guard let matrix = Cholesky(point.matrix)?.factor, let slack = Cholesky(point.slack)?.factor,
      let singular = SingularValues(slack.transposed * matrix), singular.values.allSatisfy({ $0 > 0 })
    else { return nil }
    let roots = singular.values.map { 1 / $0.squareRoot() }
    factor = (matrix * singular.right).scalingColumns(by: roots)
    inverseTransposed = (slack * singular.left).scalingColumns(by: roots)
    values = singular.values
  }

  func inward(_ slack: DenseMatrix) -> DenseMatrix { factor.transposed * slack * factor }
  func outward(_ matrix: DenseMatrix) -> DenseMatrix { factor * matrix * factor.transposed }
  func outwardSlack(_ slack: DenseMatrix) -> DenseMatrix {
    inverseTransposed * slack * inverseTransposed.transposed
  }

  /// The solution of `values o Y = aim`, the product of symmetric matrices being half of both orders.
  func divided(_ aim: DenseMatrix) -> DenseMatrix {
    var result = aim
    for row in values.indices {
      for column in values.indices { result[row, column] *= 2 / (values[row] + values[column]) }
    }
    return result
  }

  /// How far the scaled iterate can move before it leaves the cone.
  func room(_ direction: DenseMatrix) -> Double {
    var relative = direction
    for row in values.indices {
      for column in values.indices {
        relative[row, column] /= (values[row] * values[column]).squareRoot()
      }
    }
    guard let lowest = relative.symmetricEigen?.values.first else { return 0 }
    return lowest < 0 ? -1 / lowest : .infinity
  }

  /// `<X, S>` over the size, after a move.
  func meanProduct(along direction: (matrix: DenseMatrix, slack: DenseMatrix), by length: Double) -> Double {
    let now = DenseMatrix(diagonal: values)
    let product = (now + length * direction.matrix).dot(now + length * direction.slack)
    return product / Double(values.count)
  }
}
