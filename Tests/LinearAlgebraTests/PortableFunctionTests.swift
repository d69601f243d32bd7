import CVectorKernels
import Glibc
import Testing

@testable import LinearAlgebra

/// Measures the functions that decide data, first weights and schedules against Glibc in higher precision.
@Suite struct PortableFunctionTests {
  static let random = Philox(seed: 5, stream: .data)

  /// A number of any magnitude, or near 1.
  static func positive(_ index: Int) -> Double {
    let u = random.uniform(UInt64(2 * index)), v = random.uniform(UInt64(2 * index + 1))
    switch index % 3 {
    case 0: return 1 + (u - 0.5) * Glibc.pow(10, -Double(index % 16))
    case 1: return Glibc.exp2(2100 * (u - 0.5)) * (1 + v)
    default: return 100 * u + 0.01
    }
  }

  static func error(_ value: Double, _ exact: Float80) -> Double {
    let rounded = Double(exact)
    if !rounded.isFinite || !value.isFinite { return rounded == value ? 0 : .infinity }
    return Double(abs(Float80(value) - exact) / Float80(rounded.ulp))
  }

  @Test func logarithms() {
    for x in (0..<20_000).map(Self.positive) + [.leastNonzeroMagnitude, .greatestFiniteMagnitude, 2, 10] {
      #expect(Self.error(ElementaryFunctions.log(x), Glibc.log(Float80(x))) <= 1, "log \(x)")
    }
    #expect(ElementaryFunctions.log(1) == 0 && ElementaryFunctions.log(0) == -.infinity)
    #expect(ElementaryFunctions.log(.infinity) == .infinity)
    #expect(ElementaryFunctions.log(-1).isNaN && ElementaryFunctions.log(.nan).isNaN)
  }

  @Test func powers() {
    for index in 0..<20_000 {
      let x = Self.positive(index)
      // Exponents as in use, and those whose results reach over the whole range.
      let wide = 1400 * (Self.random.uniform(UInt64(1_000_000 + index)) - 0.5) / max(abs(Glibc.log(x)), 1e-3)
      for y in [wide, Double(index % 7) - 3, 0.25, -0.8] {
        let exact = Glibc.pow(Float80(x), Float80(y))
        guard exact > 1e-300 else { continue }
        #expect(Self.error(ElementaryFunctions.power(x, y), exact) <= 1, "\(x)^\(y)")
      }
    }
  }

  @Test func powersThatAreDoublesAreExact() {
    for base in 2..<60 {
      var power = 1.0
      for exponent in 0... {
        guard power < 0x1p53 else { break }
        #expect(ElementaryFunctions.power(Double(base), Double(exponent)) == power)
        power *= Double(base)
      }
      let square = Double(base * base)
      #expect(ElementaryFunctions.power(square, 0.5) == Double(base))
    }
    for exponent in -1074...1023 {
      #expect(ElementaryFunctions.power(2, Double(exponent)) == scalbn(1, exponent))
    }
  }

  @Test func powersOfTheEdges() {
    let power = ElementaryFunctions.power
    #expect(power(0, 2) == 0 && power(0, -2) == .infinity && power(0, 0) == 1 && power(.nan, 0) == 1)
    #expect(power(.infinity, 2) == .infinity && power(.infinity, -2) == 0 && power(1, .infinity) == 1)
    #expect(power(2, .infinity) == .infinity && power(0.5, .infinity) == 0 && power(0.5, -1e300) == .infinity)
    #expect(power(-1, 2).isNaN && power(.nan, 1).isNaN && power(2, .nan).isNaN)
    #expect(power(10, 309) == .infinity && power(10, -324) == 0)
  }

  @Test func turns() {
    for index in 0..<20_000 {
      let scale = Glibc.pow(10, -Double(index % 17)), turns = Self.random.uniform(UInt64(index)) * scale
      // The rest after whole quarters, with its sign and place.
      let quarters = (4 * turns).rounded(), angle = 2 * Float80.pi * Float80(turns - quarters / 4)
      let (c, s) = (Glibc.cos(angle), Glibc.sin(angle))
      let exact: (Float80, Float80) =
        switch Int(quarters) & 3 {
        case 0: (c, s)
        case 1: (-s, c)
        case 2: (-c, -s)
        default: (s, -c)
        }
      let turned = ElementaryFunctions.turn(turns)
      #expect(Self.error(turned.cosine, exact.0) <= 1 && Self.error(turned.sine, exact.1) <= 1, "\(turns)")
    }
    for (turns, cosine, sine) in [(0.0, 1.0, 0.0), (0.25, 0, 1), (0.5, -1, 0), (0.75, 0, -1), (-0.25, 0, -1)]
    {
      #expect(ElementaryFunctions.turn(turns) == (cosine, sine))
    }
  }

  /// Normal numbers are those of the formula, whatever the level.
  @Test func normalNumbers() {
    let numbers = Vector<Double>(count: 4001)
    Self.random.fillNormal(numbers.all, first: 3)
    for index in 0..<numbers.count {
      let place = UInt64(index + 3)
      let u = Self.random.uniform(place / 2 * 2), v = Self.random.uniform(place / 2 * 2 + 1)
      let radius = (-2 * Glibc.log(1 - u)).squareRoot(), angle = 2 * Double.pi * v
      let exact = radius * (place % 2 == 0 ? Glibc.cos(angle) : Glibc.sin(angle))
      #expect(abs(numbers[index] - exact) < 1e-14)
      #expect(numbers[index] == Self.random.normal(place))
    }
  }

  /// Nothing is fused in these, so that levels agree; the lowest one is on every machine.
  @Test(arguments: NumericLevel.available)
  func everyLevelGivesTheSameBits(level: CPULevel) throws {
    let lowest = unsafe NumericLevel.available[0].vectorKernels.pointee
    let kernels = unsafe level.vectorKernels.pointee
    let bits = Self.random.firstBits(2000)
    var (first, second) = ([Double](repeating: 0, count: 2000), [Double](repeating: 1, count: 2000))
    unsafe lowest.normals(bits, &first, 1000)
    unsafe kernels.normals(bits, &second, 1000)
    #expect(first == second)
    let x = Vector<Double>(first.map(abs)), y = Vector<Double>(count: 2000), z = Vector<Double>(count: 2000)
    unsafe Double.kernels(of: lowest).pointee.log1p(x.base, y.base, 0, 0, 2000)
    unsafe Double.kernels(of: kernels).pointee.log1p(x.base, z.base, 0, 0, 2000)
    #expect(y.array == z.array)
    unsafe Double.kernels(of: lowest).pointee.power_scales(x.base, 0.25, 1, 0, 1, y.base, 2000)
    unsafe Double.kernels(of: kernels).pointee.power_scales(x.base, 0.25, 1, 0, 1, z.base, 2000)
    #expect(y.array == z.array)
  }

  #if arch(x86_64)
    /// The two levels that fuse differ in the width of their vectors only.
    @Test(.enabled(if: NumericLevel.best >= .v4, "this machine lacks x86-64-v4"))
    func levelsThatFuseGiveTheSameBits() {
      let third = unsafe Float.kernels(of: CPULevel.v3.vectorKernels.pointee)
      let fourth = unsafe Float.kernels(of: CPULevel.v4.vectorKernels.pointee)
      let x = Vector<Float>(count: 3001), y = Vector<Float>(count: 3001), z = Vector<Float>(count: 3001)
      Self.random.fillNormal(x.all, standardDeviation: 3)
      func check(_ one: MapKernel, _ other: MapKernel) {
        unsafe one(x.base, y.base, 0, 0, 3001)
        unsafe other(x.base, z.base, 0, 0, 3001)
        #expect(y.array == z.array)
      }
      unsafe check(third.pointee.tanh, fourth.pointee.tanh)
      unsafe check(third.pointee.exp, fourth.pointee.exp)
      unsafe check(third.pointee.erf, fourth.pointee.erf)
      unsafe check(third.pointee.softplus, fourth.pointee.softplus)
    }
  #endif
}
