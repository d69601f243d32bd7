import LinearAlgebra
import Testing

@Suite struct VectorTests {
  let random = Philox(seed: 1, stream: .data)

  func normal<S: RealScalar>(_ count: Int, _ first: UInt64, as: S.Type) -> Vector<S> {
    let vector = Vector<S>(count: count)
    random.fillNormal(vector.all, first: first)
    return vector
  }

  @Test func startsAsZerosAndKeepsElements() {
    #expect(Vector<Float>(count: 5).array == [0, 0, 0, 0, 0])
    #expect(Vector<Double>([]).array.isEmpty)
    let vector = Vector<Double>([1, 2, 3])
    vector[1] = 5
    #expect(vector.array == [1, 5, 3])
  }

  @Test func slicesWriteToTheirVector() {
    let vector = Vector<Float>([1, 2, 3, 4, 5])
    let slice = vector.slice(1..<4)
    slice[0] = 7
    slice.slice(1..<3).fill(9)
    #expect(vector.array == [1, 7, 9, 9, 5])
    #expect(slice.array == [7, 9, 9])
  }

  @Test func spansSeeTheElementsInPlace() {
    let vector = Vector<Double>([1, 2, 3])
    vector.withMutableSpan { span in span[2] = 8 }
    #expect(vector.withSpan { span in span[2] + span[0] } == 9)
    #expect(vector.slice(1..<3).withSpan { $0.count } == 2)
  }

  @Test(arguments: [0, 1, 15, 16, 17, 31, 32, 33, 100, 1000])
  func arithmeticAgreesWithElements(count: Int) {
    check(count, Float.self)
    check(count, Double.self)
  }

  func check<S: RealScalar>(_ count: Int, _ type: S.Type) {
    let x = normal(count, 0, as: S.self), y = normal(count, 5000, as: S.self)
    let z = Vector<S>(count: count)
    z.copy(from: y)
    z.add(x, scaledBy: 0.5)
    for i in 0..<count { #expect(z[i] == y[i] + x[i] / 2) }
    z.copy(from: y)
    z.multiply(by: x)
    for i in 0..<count { #expect(z[i] == y[i] * x[i]) }
    z.scale(by: -3)
    for i in 0..<count { #expect(z[i] == y[i] * x[i] * -3) }
    let expected = (0..<count).reduce(0.0) { $0 + Double(x[$1]) * Double(y[$1]) }
    #expect(abs(x.dot(y) - expected) <= 1e-14 * Double(count + 1) * (1 + abs(expected)))
    #expect(abs(x.norm * x.norm - x.dot(x)) <= 1e-13 * Double(count + 1))
  }

  @Test func dotAccumulatesInDouble() {
    let ones = Vector<Float>(count: 1000)
    ones.fill(1)
    let x = Vector<Float>(count: 1000)
    x.fill(1e-8)
    x[3] = 1
    #expect(abs(x.dot(ones) - (1 + 999 * Double(Float(1e-8)))) < 1e-15)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func findsWhatIsNotFinite(value: Double) {
    for position in [0, 7, 40, 99] {
      let single = Vector<Float>(count: 100), double = Vector<Double>(count: 100)
      single.fill(.greatestFiniteMagnitude)
      #expect(single.isFinite && double.isFinite)
      single[position] = Float(value)
      double[position] = value
      #expect(!single.isFinite && !double.isFinite)
    }
  }
}
