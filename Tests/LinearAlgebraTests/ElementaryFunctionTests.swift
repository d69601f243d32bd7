import CVectorKernels
import Glibc
import LinearAlgebra
import Testing

/// Measures the elementary functions against Glibc in higher precision, over the whole range of arguments.
@Suite struct ElementaryFunctionTests {
  struct Function: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var single: @Sendable ([Float]) -> [Float]
    var double: @Sendable ([Double]) -> [Double]
    var reference: @Sendable (Float80) -> Float80
    /// The largest error that the header states, in units in the last place.
    var ulps: Double
  }

  static let functions = [
    Function(
      testDescription: "tanh", single: unsafe map(\.tanh), double: unsafe map(\.tanh),
      reference: { tanh($0) }, ulps: 3),
    Function(
      testDescription: "exp", single: unsafe map(\.exp), double: unsafe map(\.exp),
      reference: { exp($0) }, ulps: 2),
    Function(
      testDescription: "log1p", single: unsafe map(\.log1p), double: unsafe map(\.log1p),
      reference: { log1p($0) }, ulps: 1),
    Function(
      testDescription: "reciprocal", single: unsafe map(\.reciprocal), double: unsafe map(\.reciprocal),
      reference: { 1 / $0 }, ulps: 1),
    Function(
      testDescription: "expm1", single: unsafe map(\.expm1), double: unsafe map(\.expm1),
      reference: { expm1($0) }, ulps: 2),
    Function(
      testDescription: "erf", single: unsafe map(\.erf), double: unsafe map(\.erf),
      reference: { erf($0) }, ulps: 2),
    Function(
      testDescription: "sigmoid", single: unsafe map(\.sigmoid), double: unsafe map(\.sigmoid),
      reference: { $0 < 0 ? exp($0) / (1 + exp($0)) : 1 / (1 + exp(-$0)) }, ulps: 3),
    Function(
      testDescription: "softplus", single: unsafe map(\.softplus), double: unsafe map(\.softplus),
      reference: { max($0, 0) + log1p(exp(-abs($0))) }, ulps: 3),
  ]

  /// Arguments of every magnitude, dense where the functions change, and special values.
  static func arguments<S: RealScalar>(_: S.Type) -> [S] {
    let random = Philox(seed: 8, stream: .data)
    let uniform = (0..<12_000).map { index -> S in
      let width = [1.0, 8, 40, 120, 800][index % 5]
      return S((2 * random.uniform(UInt64(index)) - 1) * width)
    }
    let (lowest, highest) = (S.leastNonzeroMagnitude.exponent, S.greatestFiniteMagnitude.exponent)
    let everyMagnitude = (0..<3000).map { index -> S in
      let exponent =
        lowest + S.Exponent(random.uniform(UInt64(index) + 50_000) * Double(highest - lowest + 1))
      let significand = 1 + S(random.uniform(UInt64(index) + 90_000)) * (1 - S.ulpOfOne)
      return S(sign: index % 2 == 0 ? .plus : .minus, exponent: exponent, significand: significand)
    }
    let special: [S] = [
      0, .infinity, .greatestFiniteMagnitude, .leastNormalMagnitude, .leastNonzeroMagnitude, 1, .nan,
    ]
    return uniform + everyMagnitude + special + special.map { -$0 } + edges()
  }

  /// Numbers next to those where results overflow, vanish, become subnormal or constant.
  static func edges<S: RealScalar>() -> [S] {
    let subnormal = log(Double(S.leastNormalMagnitude)), vanishing = log(Double(S.leastNonzeroMagnitude))
    let overflow = log(Double(S.greatestFiniteMagnitude)), half = log(2.0) / 2
    let places = [overflow, subnormal, vanishing, vanishing - half, half, 3 * half, 1, 4, 6, 10, 20, 40]
    return places.flatMap { place in
      var (below, above) = (S(place), S(place))
      return (0..<20).flatMap { _ -> [S] in
        (below, above) = (below.nextDown, above.nextUp)
        return [below, above, -below, -above]
      }
    }
  }

  static func map<S: RealScalar>(
    _ kernel: any KeyPath<vk_kernels, MapKernel> & Sendable, _ first: Double = 0, _ second: Double = 0
  ) -> @Sendable ([S]) -> [S] {
    { x in
      let result = Vector<S>(x)
      unsafe S.kernels.pointee[keyPath: kernel](result.base, result.base, first, second, x.count)
      return result.array
    }
  }

  @Test(arguments: functions)
  func staysWithinTheStatedError(function: Function) {
    check(function, function.single)
    check(function, function.double)
  }

  func check<S: RealScalar>(_ function: Function, _ kernel: ([S]) -> [S]) {
    let x = Self.arguments(S.self), y = kernel(x)
    for i in x.indices {
      let exact = function.reference(Float80(x[i])), rounded = S(exact)
      if rounded.isFinite && y[i].isFinite {
        let error = abs(Float80(y[i]) - exact) / Float80(rounded.ulp)
        #expect(error <= Float80(function.ulps), "\(function.testDescription)(\(x[i]))")
      } else if !(rounded.isNaN && y[i].isNaN || rounded == y[i]) {
        Issue.record("\(function)(\(x[i])) gave \(y[i]) instead of \(rounded)")
      }
    }
  }

  /// Floats from all of their range, every 20,011th, against Glibc in `Double`.
  @Test(arguments: functions)
  func staysWithinTheStatedErrorOverTheRangeOfFloats(function: Function) {
    let x = stride(from: 0, to: UInt32.max, by: 20_011).map(Float.init(bitPattern:))
    let y = function.single(x)
    var worst = 0.0
    for i in x.indices {
      let exact = Double(function.reference(Float80(x[i]))), rounded = Float(exact)
      if rounded.isFinite && y[i].isFinite {
        worst = max(worst, abs(Double(y[i]) - exact) / Double(rounded.ulp))
      } else if !(rounded.isNaN && y[i].isNaN || rounded == y[i]) {
        Issue.record("\(function)(\(x[i])) gave \(y[i]) instead of \(rounded)")
      }
    }
    #expect(worst <= function.ulps)
  }

  @Test(arguments: functions)
  func bitsDoNotDependOnThePosition(function: Function) {
    checkPositions(function.single)
    checkPositions(function.double)
  }

  func checkPositions<S: RealScalar>(_ kernel: ([S]) -> [S]) {
    let x = Array(Self.arguments(S.self).suffix(200))
    let y = kernel(x)
    for i in x.indices {
      let alone = kernel([x[i]])[0]
      #expect(alone == y[i] || alone.isNaN && y[i].isNaN)
    }
  }

  @Test func clampAndWithinKeepTheirBounds() {
    let x: [Float] = [-2, -1, -0.5, 0, 1, 2, .infinity, -.infinity]
    #expect(unsafe Self.map(\.clamp, -1, 1)(x) == [-1, -1, -0.5, 0, 1, 1, 1, -1])
    #expect(unsafe Self.map(\.within, -1, 1)(x) == [0, 0, 1, 1, 0, 0, 0, 0])
    #expect(unsafe Self.map(\.clamp, 0, .infinity)([-3.0, 5, .infinity]) == [0, 5, .infinity])
    #expect(unsafe Self.map(\.within, 0, .infinity)([-3.0, 0, 5, .infinity]) == [0, 0, 1, 0])
    #expect(unsafe Self.map(\.clamp, 0, 1)([Double.nan])[0].isNaN)
  }
}
