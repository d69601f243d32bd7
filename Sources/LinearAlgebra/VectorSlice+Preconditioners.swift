internal import CVectorKernels

// What diagonal preconditioners need beyond the root of one average of squares (see Vector+Steps.swift).

extension VectorSlice {
  /// Adds a number, rounded to `Scalar` first, to every element.
  public func offset(by amount: Double) {
    unsafe Scalar.kernels.pointee.offset(base, base, amount, 0, count)
  }

  /// Becomes `factor * ((correction * nu)^exponent + epsilon)` of second moments `nu`.
  public func becomePowers(of moments: VectorSlice, exponent: Double, _ scale: RootScale) {
    requireEqualCount(moments)
    unsafe Scalar.kernels.pointee.power_scales(
      moments.base, exponent, scale.correction, scale.epsilon, scale.factor, base, count)
  }

  /// Becomes `sqrt(numerator + epsilon) / sqrt(denominator + epsilon)`; 0 where the divisor is 0.
  public func becomeRootRatio(_ numerator: VectorSlice, _ denominator: VectorSlice, epsilon: Double) {
    requireEqualCount(numerator)
    requireEqualCount(denominator)
    unsafe Scalar.kernels.pointee.ratio_scales(numerator.base, denominator.base, epsilon, base, count)
  }

  /// Subtracts `amount * direction / scales`; nothing where a scale is 0, unless the direction is infinite or NaN.
  public func step(along direction: VectorSlice, by amount: Double, dividedBy scales: VectorSlice) {
    requireEqualCount(direction)
    requireEqualCount(scales)
    unsafe Scalar.kernels.pointee.divided_step(direction.base, amount, scales.base, base, count)
  }

  /// Becomes the elementwise maximum of itself and `other`.
  public func becomeMaximum(with other: VectorSlice) {
    requireEqualCount(other)
    unsafe Scalar.kernels.pointee.maximum(other.base, base, count)
  }

  /// Writes the means over the rows and over the columns of its squares, as a row-major matrix.
  ///
  /// - Parameters:
  ///   - rows: means of the rows, `[rows]`.
  ///   - columns: means of the columns, `[columns]`.
  public func squareMeans(rows: VectorSlice, columns: VectorSlice) {
    requireCount(rows.count * columns.count)
    let sums = Vector<Double>(count: columns.count)
    unsafe Scalar.kernels.pointee.square_means(
      base, rows.count, columns.count, sums.base, rows.base, columns.base)
  }

  /// Becomes the row-major matrix `sqrt(factor * rows[i] * columns[j])`.
  public func becomeRootProducts(rows: VectorSlice, columns: VectorSlice, factor: Double) {
    requireCount(rows.count * columns.count)
    unsafe Scalar.kernels.pointee.factored_scales(
      rows.base, columns.base, factor, base, rows.count, columns.count)
  }
}
