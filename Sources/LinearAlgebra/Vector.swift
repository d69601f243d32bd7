internal import Glibc
public import NodeMemory

/// A dense vector of fixed length with reference semantics: one 64-byte-aligned allocation, zero at first.
///
/// Parameters, gradients, optimizer state and eigenvectors are such vectors; layers are slices of them.
/// Sums (`dot`, `norm`) run in `Double`, in an order that depends on the length only.
@safe public final class Vector<Scalar: RealScalar> {
  /// The number of elements.
  public let count: Int
  @usableFromInline package let base: UnsafeMutablePointer<Scalar>
  /// What the memory belongs to, where it is not the vector's own.
  private let owner: SharedCopy?

  /// Creates a vector of zeros.
  public init(count: Int) {
    precondition(count >= 0, "a vector cannot have \(count) elements")
    self.count = count
    let bytes = unsafe VectorMemory.allocate(byteCount: count * MemoryLayout<Scalar>.stride)
    unsafe base = bytes.bindMemory(to: Scalar.self, capacity: count)
    owner = nil
  }

  /// Reads elements that lie in memory shared with other processes; a write to such a vector ends this one.
  public init(_ part: SharedCopy.Part) {
    let stride = MemoryLayout<Scalar>.stride
    precondition(part.byteCount.isMultiple(of: stride), "a vector is made of whole elements")
    count = part.byteCount / stride
    owner = part.copy
    let bytes = unsafe UnsafeMutableRawPointer(mutating: part.base)
    unsafe base = bytes.bindMemory(to: Scalar.self, capacity: count)
  }

  /// Creates a vector of the given elements.
  public convenience init(_ elements: [Scalar]) {
    self.init(count: elements.count)
    unsafe elements.withUnsafeBufferPointer { source in
      if let address = source.baseAddress { unsafe base.update(from: address, count: count) }
    }
  }

  deinit {
    if owner == nil { unsafe VectorMemory.deallocate(base, byteCount: count * MemoryLayout<Scalar>.stride) }
  }

  /// The element at an index.
  @inlinable public subscript(_ index: Int) -> Scalar {
    get {
      precondition(index >= 0 && index < count, "vector index out of range")
      return unsafe base[index]
    }
    set {
      precondition(index >= 0 && index < count, "vector index out of range")
      unsafe base[index] = newValue
    }
  }

  /// The elements, copied.
  public var array: [Scalar] { all.array }

  /// A vector of its own with the same elements.
  public var copied: Vector {
    let copy = Vector(count: count)
    copy.copy(from: self)
    return copy
  }

  /// The whole vector as a slice.
  public var all: VectorSlice<Scalar> { VectorSlice(self, 0..<count) }

  /// A view of a part, which keeps the vector alive.
  public func slice(_ range: Range<Int>) -> VectorSlice<Scalar> { VectorSlice(self, range) }

  /// Reads the elements in place.
  @inlinable public func withSpan<R, E: Error>(_ body: (Span<Scalar>) throws(E) -> R) throws(E) -> R {
    try body(unsafe UnsafeBufferPointer(start: base, count: count).span)
  }

  /// Changes the elements in place.
  @inlinable public func withMutableSpan<R, E: Error>(
    _ body: (inout MutableSpan<Scalar>) throws(E) -> R
  ) throws(E) -> R {
    var span = unsafe UnsafeMutableBufferPointer(start: base, count: count).mutableSpan
    return try body(&span)
  }
}

extension Vector {
  /// Sets every element.
  public func fill(_ value: Scalar) { all.fill(value) }

  /// Takes over the elements of a vector of equal length.
  public func copy(from other: Vector) { all.copy(from: other.all) }

  /// Multiplies every element by a factor, rounded to `Scalar` first.
  public func scale(by factor: Double) { all.scale(by: factor) }

  /// Becomes the elementwise product of two vectors of equal length.
  public func becomeProduct(of left: Vector, _ right: Vector) { all.becomeProduct(of: left.all, right.all) }

  /// Adds `factor * x`, with the factor rounded to `Scalar` first.
  public func add(_ x: Vector, scaledBy factor: Double = 1) { all.add(x.all, scaledBy: factor) }

  /// Multiplies elementwise by a vector of equal length.
  public func multiply(by other: Vector) { all.multiply(by: other.all) }

  /// Whether no element is infinite or NaN.
  public var isFinite: Bool { all.isFinite }

  /// Whether the elements are the same, bit for bit, as those of a vector of equal length.
  public func hasSameBits(as other: Vector) -> Bool {
    precondition(count == other.count, "vectors of \(count) and \(other.count) elements do not match")
    return unsafe memcmp(base, other.base, count * MemoryLayout<Scalar>.stride) == 0
  }
}

extension CopyWriter {
  /// Adds the elements of a vector as a part.
  public mutating func append<Scalar: RealScalar>(_ vector: Vector<Scalar>) {
    vector.withSpan { unsafe append($0.bytes) }
  }
}
