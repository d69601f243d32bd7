internal import CVectorKernels

// What diagonal preconditioners need beyond the root of one average of squares (see Vector+Steps.swift).

extension VectorSlice {
  /// Adds a number, rounded to `Scalar` first, to every element.
  public func offset(by amount: Double) {
    let kernel: MapKernel = unsafe Scalar.choose(float: vk_offset_f, double: vk_offset_d)
    unsafe kernel(base, base, amount, 0, count)
  }

  /// Becomes `factor * ((correction * nu)^exponent + epsilon)` of second moments `nu`.
  public func becomePowers(of moments: VectorSlice, exponent: Double, _ scale: RootScale) {
    requireEqualCount(moments)
    let kernel: PowerScalesKernel = unsafe Scalar.choose(float: vk_power_scales_f, double: vk_power_scales_d)
    unsafe kernel(moments.base, exponent, scale.correction, scale.epsilon, scale.factor, base, count)
  }

  /// Becomes `sqrt(numerator + epsilon) / sqrt(denominator + epsilon)`; 0 where the divisor is 0.
  public func becomeRootRatio(_ numerator: VectorSlice, _ denominator: VectorSlice, epsilon: Double) {
    requireEqualCount(numerator)
    requireEqualCount(denominator)
    let kernel:
      @convention(c) (UnsafeRawPointer, UnsafeRawPointer, Double, UnsafeMutableRawPointer, Int) -> Void =
        unsafe Scalar.choose(float: vk_ratio_scales_f, double: vk_ratio_scales_d)
    unsafe kernel(numerator.base, denominator.base, epsilon, base, count)
  }

  /// Subtracts `amount * direction / scales`; nothing where a scale is 0, unless the direction is infinite or NaN.
  public func step(along direction: VectorSlice, by amount: Double, dividedBy scales: VectorSlice) {
    requireEqualCount(direction)
    requireEqualCount(scales)
    let kernel:
      @convention(c) (UnsafeRawPointer, Double, UnsafeRawPointer, UnsafeMutableRawPointer, Int) -> Void =
        unsafe Scalar.choose(float: vk_divided_step_f, double: vk_divided_step_d)
    unsafe kernel(direction.base, amount, scales.base, base, count)
  }

  /// Becomes the elementwise maximum of itself and `other`.
  public func becomeMaximum(with other: VectorSlice) {
    requireEqualCount(other)
    let kernel: @convention(c) (UnsafeRawPointer, UnsafeMutableRawPointer, Int) -> Void =
      unsafe Scalar.choose(float: vk_maximum_f, double: vk_maximum_d)
    unsafe kernel(other.base, base, count)
  }

  /// Writes the means over the rows and over the columns of its squares, as a row-major matrix.
  ///
  /// - Parameters:
  ///   - rows: means of the rows, `[rows]`.
  ///   - columns: means of the columns, `[columns]`.
  public func squareMeans(rows: VectorSlice, columns: VectorSlice) {
    requireCount(rows.count * columns.count)
    let kernel:
      @convention(c) (
        UnsafeRawPointer, Int, Int, UnsafeMutablePointer<Double>, UnsafeMutableRawPointer,
        UnsafeMutableRawPointer
      ) -> Void = unsafe Scalar.choose(float: vk_square_means_f, double: vk_square_means_d)
    let sums = Vector<Double>(count: columns.count)
    unsafe kernel(base, rows.count, columns.count, sums.base, rows.base, columns.base)
  }

  /// Becomes the row-major matrix `sqrt(factor * rows[i] * columns[j])`.
  public func becomeRootProducts(rows: VectorSlice, columns: VectorSlice, factor: Double) {
    requireCount(rows.count * columns.count)
    let kernel:
      @convention(c) (UnsafeRawPointer, UnsafeRawPointer, Double, UnsafeMutableRawPointer, Int, Int) -> Void =
        unsafe Scalar.choose(float: vk_factored_scales_f, double: vk_factored_scales_d)
    unsafe kernel(rows.base, columns.base, factor, base, rows.count, columns.count)
  }
}

private typealias PowerScalesKernel =
  @convention(c) (
    UnsafeRawPointer, Double, Double, Double, Double, UnsafeMutableRawPointer, Int
  ) -> Void
