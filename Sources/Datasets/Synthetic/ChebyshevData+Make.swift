import LinearAlgebra
import Problems

extension ChebyshevData {
  func make<Scalar: RealScalar>(as scalar: Scalar.Type) throws(Problem) -> Dataset<Scalar> {
    try Problem.require(degree >= 0, "data.degree", "is \(degree)", remedy: "give 0 or more")
    try Problem.require(points >= 2, "data.points", "is \(points)", remedy: "give 2 or more")
    let xs = (0..<points).map { -1 + 2 * Double($0) / Double(points - 1) }
    let examples = Examples<Scalar>(
      count: points, inputs: Vector(xs.map { Scalar($0) }),
      targets: Vector(xs.map { Scalar(polynomial(at: $0)) }))
    return Dataset(name: "chebyshev", task: .regression, training: examples)
  }

  /// `T_0 = 1`, `T_1 = x`, `T_(k+1) = 2 x T_k - T_(k-1)`.
  private func polynomial(at x: Double) -> Double {
    var (current, next) = (1.0, x)
    for _ in 0..<degree { (current, next) = (next, 2 * x * next - current) }
    return current
  }
}
