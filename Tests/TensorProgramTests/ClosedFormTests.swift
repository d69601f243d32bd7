import TensorProgram
import Testing

/// Derivatives known in closed form.
@Suite struct ClosedFormTests {
  /// `f = sum w^4`: gradient `4 w^3`, Hessian product `12 w^2 u`, third derivative `24 w u v`.
  @Test func quartic() {
    var builder = ProgramBuilder(name: "quartic")
    let w = builder.input("w", TensorType([3], .double))
    let square = builder.multiply(w, w)
    builder.output("f", builder.sum(builder.multiply(square, square)))
    let program = builder.build()
    let (point, u, v) = ([1, -2, 0.5], [3, 1, -4.0], [2, 0.25, 8])

    #expect(program.gradient(withRespectTo: ["w"]).evaluate([point])[1] == point.map { 4 * $0 * $0 * $0 })
    let product = applyLinearization(program.hessianProduct(withRespectTo: ["w"]), at: [point], to: [u])
    #expect(product == [zip(point, u).map { 12 * $0 * $0 * $1 }])
    let third = program.thirdDerivative(withRespectTo: ["w"]).evaluate([point, u, v])
    #expect(third == [point.indices.map { 24 * point[$0] * u[$0] * v[$0] }])
  }

  /// `f = lse(w) - w_0` for the target 0: gradient `p - (1, 0, 0)`, Hessian `diag(p) - p p^T`.
  @Test func crossEntropy() {
    var builder = ProgramBuilder(name: "cross-entropy")
    let w = builder.input("w", TensorType([1, 3], .double))
    let y = builder.input("y", TensorType([1, 3], .double))
    builder.output("f", builder.crossEntropy(logits: w, target: y))
    let program = builder.build()
    // Exponentials 1, 2, 5.
    let (logits, p, u) = ([0, 0.6931471805599453, 1.6094379124341003], [0.125, 0.25, 0.625], [1, -2, 3.0])
    let point = [logits, [1, 0, 0]]
    let gradient = program.gradient(withRespectTo: ["w"]).evaluate(point)[1]
    #expect(distance([gradient], [[p[0] - 1, p[1], p[2]]]) < 1e-15)
    let mean = dot([p], [u])
    let product = applyLinearization(program.hessianProduct(withRespectTo: ["w"]), at: point, to: [u])
    #expect(distance(product, [zip(p, u).map { $0 * ($1 - mean) }]) < 1e-15)
  }

  /// `f = <a, X w> `, then bilinear: the Hessian of `a^T X w` in `(a, w)` is `[[0, X], [X^T, 0]]`.
  @Test func bilinearForm() {
    var builder = ProgramBuilder(name: "bilinear")
    let x = builder.input("X", TensorType([2, 3], .double))
    let a = builder.input("a", TensorType([1, 2], .double))
    let w = builder.input("w", TensorType([3, 1], .double))
    let image = builder.matmul(x, w)
    builder.output("f", builder.sum(builder.matmul(a, image)))
    let point: [[Double]] = [[1, 2, 3, 4, 5, 6], [1, -1], [2, 0, 1]]
    let product = builder.build().hessianProduct(withRespectTo: ["a", "w"])
    #expect(applyLinearization(product, at: point, to: [[1, 0], [0, 1, 0]]) == [[2, 5], [1, 2, 3]])
  }

  /// `tanh' = 1 - t^2`, `tanh'' = -2 t (1 - t^2)`, `tanh''' = (6 t^2 - 2)(1 - t^2)`.
  @Test(arguments: [-2, -0.3, 0, 0.7, 3.0])
  func hyperbolicTangent(x: Double) {
    var builder = ProgramBuilder(name: "tanh")
    let input = builder.input("x", TensorType([], .double))
    builder.output("y", builder.tanh(input))
    let program = builder.build()
    let t = program.evaluate([[x]])[0][0]
    let slope = 1 - t * t
    let third = program.thirdDerivative(withRespectTo: ["x"]).evaluate([[x], [1], [1]])[0][0]
    let second = applyLinearization(program.hessianProduct(withRespectTo: ["x"]), at: [[x]], to: [[1]])[0][0]
    #expect(program.gradient(withRespectTo: ["x"]).evaluate([[x]])[1][0] == slope)
    #expect(abs(second + 2 * t * slope) < 1e-15)
    #expect(abs(third - (6 * t * t - 2) * slope) < 1e-15)
  }
}
