internal import CVectorKernels

// What optimizers and eigensolvers do to whole vectors, each in one pass over memory.

extension Vector {
  /// Becomes `factor * left + otherFactor * right`, factors rounded to `Scalar`; either may be this vector.
  public func mix(_ left: Vector, by factor: Double, _ right: Vector, by otherFactor: Double) {
    all.requireEqualCount(left.all)
    all.requireEqualCount(right.all)
    unsafe Scalar.kernels.pointee.mix(left.base, factor, right.base, otherFactor, base, count)
  }

  /// Takes the squares of the elements of `x` into a moving average: `decay * self + (1 - decay) * x^2`.
  public func averageSquare(of x: Vector, decay: Double) {
    accumulateSquare(of: x, decay: decay, weight: 1 - decay)
  }

  /// Becomes `decay * self + weight * x^2`; with 1 and 1 it is the sum of squares.
  public func accumulateSquare(of x: Vector, decay: Double, weight: Double) {
    all.requireEqualCount(x.all)
    unsafe Scalar.kernels.pointee.average_square(x.base, decay, weight, base, count)
  }

  /// Becomes `1 / sqrt(x)`, elementwise; 0 where `x` is 0.
  public func becomeInverseRoots(of x: Vector) {
    all.requireEqualCount(x.all)
    unsafe Scalar.kernels.pointee.inverse_roots(x.base, base, count)
  }

  /// Becomes the elementwise scale `scale` of a vector of second moments.
  public func becomeScales(of moments: Vector, _ scale: RootScale) {
    all.requireEqualCount(moments.all)
    unsafe Scalar.kernels.pointee.root_scales(
      moments.base, scale.correction, scale.epsilon, scale.factor, base, count)
  }

  /// Subtracts `amount * direction / P`, where `P` is the elementwise scale `scale` of the second moments; nothing
  /// where `P` is 0, unless the direction is infinite or NaN.
  public func step(along direction: Vector, by amount: Double, scaledBy moments: Vector, _ scale: RootScale) {
    all.requireEqualCount(direction.all)
    all.requireEqualCount(moments.all)
    unsafe Scalar.kernels.pointee.root_scaled_step(
      direction.base, amount, moments.base, scale.correction, scale.epsilon, scale.factor, base, count)
  }
}

/// The elementwise function `factor * (sqrt(correction * nu) + epsilon)` of a second moment `nu`.
public struct RootScale: Sendable, Hashable {
  /// Multiplies the second moment under the root.
  public let correction: Double
  /// Stands outside the root.
  public let epsilon: Double
  /// Multiplies everything.
  public let factor: Double

  /// Creates the function from its constants.
  public init(correction: Double, epsilon: Double, factor: Double) {
    (self.correction, self.epsilon, self.factor) = (correction, epsilon, factor)
  }
}
