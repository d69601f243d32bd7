// Which numbers, written by a user or read in double precision, keep their meaning in a number format: the one place
// that decides it.

extension RealScalar {
  /// Whether a number stays what it is, up to rounding: 0, or one that does not become 0, infinite or subnormal here.
  ///
  /// Subnormal numbers lose digits, and products with them soon become 0.
  public static func holds(_ value: Double) -> Bool { value == 0 || Self(value).isNormal }

  /// Whether a finite number becomes infinite here.
  public static func overflows(_ value: Double) -> Bool { value.isFinite && !Self(value).isFinite }

  /// What `holds` admits, for messages: the name of the precision and its range in magnitude.
  public static var rangeText: String {
    choose(
      float: "single precision holds 0 and numbers from 1.2e-38 to 3.4e38",
      double: "double precision holds 0 and numbers from 2.3e-308 to 1.7e308")
  }
}
