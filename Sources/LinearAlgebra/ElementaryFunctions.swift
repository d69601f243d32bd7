internal import CVectorKernels

/// Elementary functions of single numbers that the C library has no part in: the same bits at every level, on every
/// machine.
///
/// Errors are below 1 unit in the last place. The elementwise ones of programs are kernels.
public enum ElementaryFunctions {
  /// The natural logarithm; NaN for negative numbers.
  public static func log(_ x: Double) -> Double { vk_log(x) }

  /// `base^exponent` for a base of at least 0; exact where the result is a `Double`.
  public static func power(_ base: Double, _ exponent: Double) -> Double { vk_pow(base, exponent) }

  /// The cosine and the sine of `turns` whole turns, of which there are less than 2^50; exact for quarters.
  public static func turn(_ turns: Double) -> (cosine: Double, sine: Double) {
    var (cosine, sine) = (0.0, 0.0)
    unsafe vk_turn(turns, &cosine, &sine)
    return (cosine, sine)
  }
}
