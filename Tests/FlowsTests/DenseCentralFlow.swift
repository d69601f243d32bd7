import Foundation
import LinearAlgebra

/// The central flow written down once more, with dense matrices, all eigenvectors and a slow solver: what `CentralFlow` is held against.
struct DenseCentralFlow {
  let loss: PolynomialLoss<Double>
  let eta: (Double) -> (value: Double, slope: Double)
  /// Of RMSProp; nil for gradient descent.
  let moment: (beta2: Double, epsilon: Double, isScalar: Bool, hasCorrection: Bool)?
  var w: [Double]
  var nu: [Double]
  var updates = 0
  private(set) var variances: [Double] = []
  private(set) var eigenvalues: [Double] = []

  init(
    _ loss: PolynomialLoss<Double>, at w: [Double], nu: [Double] = [], updates: Int = 0,
    moment: (beta2: Double, epsilon: Double, isScalar: Bool, hasCorrection: Bool)? = nil,
    eta: @escaping (Double) -> (value: Double, slope: Double)
  ) {
    (self.loss, self.eta, self.moment) = (loss, eta, moment)
    (self.w, self.nu, self.updates) = (w, nu, updates)
  }

  private var size: Int { w.count }

  /// `P` of a weight, and its derivatives by its moment and by time.
  private func scale(_ index: Int, _ time: Double, _ rate: (value: Double, slope: Double)) -> (
    Double, Double, Double
  ) {
    guard let moment else { return (1 / rate.value, 0, -rate.slope / (rate.value * rate.value)) }
    let nu = nu[moment.isScalar ? 0 : index]
    let rest = moment.hasCorrection ? pow(moment.beta2, Double(updates) + time) : 0
    let root = (nu / (1 - rest)).squareRoot()
    let value = (root + moment.epsilon) / rate.value
    let byTime = root / (2 * rate.value) * rest * log(moment.beta2) / (1 - rest)
    return (
      value, 1 / (2 * rate.value * (nu * (1 - rest)).squareRoot()), byTime - value * rate.slope / rate.value
    )
  }

  mutating func step(_ step: Int, substeps: Int) {
    for substep in 0..<substeps {
      move(
        at: Double(substep) / Double(substeps), Double(step), by: 1 / Double(substeps), isFirst: substep == 0)
    }
    updates += 1
  }

  private mutating func move(at time: Double, _ start: Double, by length: Double, isFirst: Bool) {
    let rate = eta(start + time)
    let p = (0..<size).map { scale($0, time, rate) }
    let (g, h, third) = (loss.gradient(w), loss.hessian(w), loss.third(w))
    let scaled = (0..<size).flatMap { i in (0..<size).map { h[i][$0] / (p[i].0 * p[$0].0).squareRoot() } }
    guard let eigen = SymmetricEigen(scaled, dimension: size) else { return }
    let critical = eigen.values.indices.reversed().filter { eigen.values[$0] > 1.95 }
    let u = critical.map { index in zip(eigen.vector(index), p).map { $0 / $1.0.squareRoot() } }
    let kappa = moment.map { (1 - $0.beta2) / $0.beta2 } ?? 0
    func squares(_ x: [Double], _ y: [Double]) -> [Double] {
      guard let moment else { return [] }
      return moment.isScalar ? [dot(x, y)] : zip(x, y).map { $0 * $1 }
    }
    func slope(_ rates: [Double]) -> [Double] {
      (0..<size).map { moment == nil ? 0 : p[$0].1 * rates[moment?.isScalar == true ? 0 : $0] }
    }
    func form(_ d: [Double], _ i: Int, _ j: Int) -> Double {
      (0..<size).reduce(0) { $0 + u[i][$1] * d[$1] * u[j][$1] }
    }
    let images = u.map { u in zip(u, p).map { 2 * $0 * $1.0 } }
    let t = u.map { a in u.map { b in (0..<size).map { dot(a, multiply(third[$0], b)) } } }
    let rates = zip(squares(g, g), nu).map { kappa * ($0 - $1) }
    let drift = zip(slope(rates), p).map { $0 + $1.2 }
    let k = critical.count
    func inverse(_ x: [Double], _ y: [Double]) -> Double {
      (0..<size).reduce(0) { $0 + x[$1] * y[$1] / p[$1].0 }
    }
    var constant = DenseMatrix(k, k)
    for i in 0..<k {
      for j in 0..<k {
        constant[i, j] =
          2 * form(p.map(\.0), i, j) - dot(u[i], multiply(h, u[j]))
          + length * (2 * form(drift, i, j) + inverse(t[i][j], g))
      }
    }
    // The full map of full matrices, of which only the effect on symmetric ones counts.
    var response = DenseMatrix(k * k, k * k)
    for i in 0..<k {
      for j in 0..<k {
        for a in 0..<k {
          for b in 0..<k {
            let moved = slope(squares(images[a], images[b]).map { kappa * $0 })
            response[i * k + j, a * k + b] =
              length * (0.5 * inverse(t[i][j], t[a][b]) + 2 * form(moved, i, j))
          }
        }
      }
    }
    let x = k == 0 ? DenseMatrix(0, 0) : Self.solve(constant, response)
    if isFirst {
      eigenvalues = eigen.values.reversed()
      variances = x.symmetricEigen.map { $0.values.reversed() } ?? []
    }
    var (force, squared) = (g, squares(g, g))
    for i in 0..<k {
      for j in 0..<k {
        for n in 0..<size { force[n] += 0.5 * x[i, j] * t[i][j][n] }
        for (n, square) in squares(images[i], images[j]).enumerated() { squared[n] += x[i, j] * square }
      }
    }
    w = (0..<size).map { w[$0] - length * force[$0] / p[$0].0 }
    nu = zip(nu, squared).map { $0 + length * kappa * ($1 - $0) }
  }

  /// Minimises `<A, X> + <X, B[X]> / 2` over `X >= 0` by accelerated projected gradients with restarts.
  private static func solve(_ constant: DenseMatrix, _ response: DenseMatrix) -> DenseMatrix {
    let k = constant.rows
    func apply(_ x: DenseMatrix) -> DenseMatrix {
      DenseMatrix(k, k, (response * DenseMatrix(k * k, 1, x.elements)).elements)
    }
    let rate = 1 / response.norm
    var (x, ahead, momentum) = (DenseMatrix(k, k), DenseMatrix(k, k), 1.0)
    for _ in 0..<4000 {
      let next = positive(ahead - rate * (constant + apply(ahead)))
      let change = next - x
      if (next - ahead).norm <= 1e-15 * next.norm { return next }
      let following = (1 + (1 + 4 * momentum * momentum).squareRoot()) / 2
      if (ahead - next).dot(change) > 0 {
        (ahead, momentum) = (next, 1)
      } else {
        (ahead, momentum) = (next + (momentum - 1) / following * change, following)
      }
      x = next
    }
    return x
  }

  private static func positive(_ matrix: DenseMatrix) -> DenseMatrix {
    guard let eigen = (0.5 * (matrix + matrix.transposed)).symmetricEigen else { return matrix }
    let vectors = DenseMatrix(matrix.rows, matrix.rows, eigen.vectors)
    return vectors.transposed.scalingColumns(by: eigen.values.map { max($0, 0) }) * vectors
  }
}
