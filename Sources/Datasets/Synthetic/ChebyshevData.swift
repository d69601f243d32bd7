package import LinearAlgebra
package import Problems
package import Schema

/// Points evenly spaced on [-1, 1] with the Chebyshev polynomial `T_degree` as their label ([EoS], 1-D regression).
public struct ChebyshevData: Sendable, Hashable {
  /// The polynomial's degree, 0 or more.
  public var degree: Int
  /// The number of points, 2 or more.
  public var points: Int

  /// Creates the configuration.
  public init(degree: Int = 4, points: Int = 20) {
    self.degree = degree
    self.points = points
  }
}

extension ChebyshevData: DataSource {
  package static let name = "chebyshev"
  package static let standard = ChebyshevData()

  package static let bindings: [Binding<ChebyshevData>] =
    [
      Binding(
        \.degree, Key("data.degree", .integer(0...1000), about: "Degree of the Chebyshev polynomial.")),
      Binding(\.points, Key("data.points", .integer(2...100_000_000), about: "Points on [-1, 1].")),
    ]

  package func foreseen() -> DatasetSummary? {
    DatasetSummary(examples: points, features: 1, outputs: 1, valueForm: .values)
  }

  package func load<Scalar: RealScalar>(as scalar: Scalar.Type) throws(Problem) -> Dataset<Scalar> {
    try checkRanges()
    let xs = (0..<points).map { -1 + 2 * Double($0) / Double(points - 1) }
    let examples = Examples<Scalar>(
      count: points, inputs: Vector(xs.map { Scalar($0) }),
      targets: Vector(xs.map { Scalar(polynomial(at: $0)) }))
    return Dataset(name: Self.name, task: .regression, training: examples)
  }

  /// `T_0 = 1`, `T_1 = x`, `T_(k+1) = 2 x T_k - T_(k-1)`.
  private func polynomial(at x: Double) -> Double {
    var (current, next) = (1.0, x)
    for _ in 0..<degree { (current, next) = (next, 2 * x * next - current) }
    return current
  }
}
