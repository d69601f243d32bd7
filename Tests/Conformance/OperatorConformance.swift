public import LinearAlgebra
public import Spectra

/// What an operator promises by being a `SymmetricOperator`; every one of them is held against this.
public enum OperatorConformance {
  /// The promises that an operator breaks, in words; none where it keeps all.
  ///
  /// It is tried with random vectors, and errors up to `tolerance` are allowed, relative to the norms involved.
  public static func faults<Scalar: RealScalar>(
    of operator: any SymmetricOperator<Scalar>, tolerance: Double, seed: UInt64 = 1
  ) throws -> [String] {
    let x: Vector<Scalar> = random(`operator`.dimension, seed, 0)
    let y: Vector<Scalar> = random(`operator`.dimension, seed, 1)
    let before = x.array
    let (ax, ay) = (try image(of: x, `operator`), try image(of: y, `operator`))
    let size = ax.norm * y.norm + x.norm * ay.norm
    var faults: [String] = []
    if !ax.all.isFinite { faults.append("it leaves parts of the result as they were") }
    if abs(ax.dot(y) - x.dot(ay)) > tolerance * size { faults.append("it is not symmetric") }
    if x.array != before { faults.append("it changes its operand") }
    if try image(of: x, `operator`).array != ax.array { faults.append("it gives other bits the second time") }
    let mixture = Vector<Scalar>(count: x.count)
    mixture.mix(x, by: 2, y, by: -0.5)
    let difference = try image(of: mixture, `operator`)
    difference.add(ax, scaledBy: -2)
    difference.add(ay, scaledBy: 0.5)
    if !(difference.norm <= tolerance * (ax.norm + ay.norm)) { faults.append("it is not linear") }
    return faults
  }

  private static func image<Scalar: RealScalar>(
    of x: Vector<Scalar>, _ operator: any SymmetricOperator<Scalar>
  ) throws -> Vector<Scalar> {
    let y = Vector<Scalar>(count: x.count)
    y.fill(.nan)
    try `operator`.apply(x, into: y)
    return y
  }

  private static func random<Scalar: RealScalar>(_ count: Int, _ seed: UInt64, _ part: UInt32) -> Vector<
    Scalar
  > {
    let vector = Vector<Scalar>(count: count)
    Philox(seed: seed, stream: .probes, substream: part).fillNormal(vector.all)
    return vector
  }
}
