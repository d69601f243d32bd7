internal import CVectorKernels

/// A view of a contiguous part of a `Vector`, which it keeps alive.
///
/// Writing to it writes to the vector.
@safe public struct VectorSlice<Scalar: RealScalar> {
  /// The vector of which this is a part.
  public let vector: Vector<Scalar>
  /// Where in the vector.
  public let range: Range<Int>

  /// Creates a view of a part of a vector.
  public init(_ vector: Vector<Scalar>, _ range: Range<Int>) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= vector.count,
      "the slice \(range) does not fit into a vector of \(vector.count) elements")
    self.vector = vector
    self.range = range
  }

  /// The number of elements.
  public var count: Int { range.count }

  package var base: UnsafeMutablePointer<Scalar> { unsafe vector.base + range.lowerBound }

  /// The element at an index counted from the start of the slice.
  public subscript(_ index: Int) -> Scalar {
    get {
      precondition(index >= 0 && index < count, "slice index out of range")
      return vector[range.lowerBound + index]
    }
    nonmutating set {
      precondition(index >= 0 && index < count, "slice index out of range")
      vector[range.lowerBound + index] = newValue
    }
  }

  /// The elements, copied.
  public var array: [Scalar] { unsafe Array(UnsafeBufferPointer(start: base, count: count)) }

  /// A part of this part; indices count from the start of the slice.
  public func slice(_ part: Range<Int>) -> VectorSlice {
    precondition(
      part.lowerBound >= 0 && part.upperBound <= count, "the slice \(part) does not fit into \(count)")
    return VectorSlice(vector, range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound)
  }

  /// Reads the elements in place.
  public func withSpan<R, E: Error>(_ body: (Span<Scalar>) throws(E) -> R) throws(E) -> R {
    try body(unsafe UnsafeBufferPointer(start: base, count: count).span)
  }

  /// Changes the elements in place.
  public func withMutableSpan<R, E: Error>(
    _ body: (inout MutableSpan<Scalar>) throws(E) -> R
  ) throws(E) -> R {
    var span = unsafe UnsafeMutableBufferPointer(start: base, count: count).mutableSpan
    return try body(&span)
  }
}

extension VectorSlice {
  /// Sets every element.
  public func fill(_ value: Scalar) {
    unsafe Scalar.kernels.pointee.fill(Double(value), base, count)
  }

  /// Takes over the elements of a slice of equal length.
  public func copy(from other: VectorSlice) {
    requireEqualCount(other)
    unsafe base.update(from: other.base, count: count)
  }

  /// Multiplies every element by a factor, rounded to `Scalar` first.
  public func scale(by factor: Double) { copy(from: self, scaledBy: factor) }

  /// Becomes `factor` times a slice of equal length, with the factor rounded to `Scalar` first.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func copy(from other: VectorSlice, scaledBy factor: Double) {
    requireEqualCount(other)
    unsafe Scalar.kernels.pointee.scale(other.base, base, factor, 0, count)
  }

  /// Adds `factor * x`, with the factor rounded to `Scalar` first.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func add(_ x: VectorSlice, scaledBy factor: Double = 1) {
    requireEqualCount(x)
    unsafe Scalar.kernels.pointee.add_scaled(x.base, factor, base, count)
  }

  /// Multiplies elementwise by a slice of equal length.
  public func multiply(by other: VectorSlice) { becomeProduct(of: self, other) }

  /// Becomes the elementwise product of two slices of equal length.
  public func becomeProduct(of left: VectorSlice, _ right: VectorSlice) {
    requireEqualCount(left)
    requireEqualCount(right)
    unsafe Scalar.kernels.pointee.multiply(left.base, right.base, base, count)
  }

  /// Whether no element is infinite or NaN.
  public var isFinite: Bool {
    return unsafe Scalar.kernels.pointee.is_finite(base, count)
  }

  func requireEqualCount(_ other: VectorSlice) { requireCount(other.count) }

  func requireCount(_ other: Int) {
    precondition(count == other, "vectors of \(count) and \(other) elements do not match")
  }
}

/// A kernel that maps elements: operand, result, two constants, count.
package typealias MapKernel =
  @convention(c) (
    UnsafeRawPointer, UnsafeMutableRawPointer, Double, Double, Int
  ) -> Void

/// A kernel that combines elements: left, right, result, count.
package typealias BinaryKernel =
  @convention(c) (
    UnsafeRawPointer, UnsafeRawPointer, UnsafeMutableRawPointer, Int
  ) -> Void
