internal import CVectorKernels

// Scalar products and linear combinations of long vectors: many at once, in one pass over memory.
//
// Everything is summed in `Double`: within chunks of fixed length, and over chunks along the one tree by which blocks of
// examples are added (decision 0002). So the bits depend on the length of the vectors only.

extension Vector {
  /// The scalar product, summed in `Double`.
  public func dot(_ other: Vector) -> Double { all.dot(other.all) }

  /// The Euclidean norm, summed in `Double`.
  public var norm: Double { all.dot(all).squareRoot() }

  /// The scalar products with several vectors, each with the same bits as `dot`.
  public func dots(_ others: [Vector]) -> [Double] {
    precondition(others.allSatisfy { $0.count == count }, "the vectors do not have \(count) elements each")
    let bases = unsafe others.map { unsafe UnsafeRawPointer($0.base) }
    return unsafe sums(columns: others.count, count: count) { sums in
      unsafe Scalar.kernels.pointee.dots(base, bases, others.count, sums, count)
    }
  }

  /// Becomes the sum of `factors[j] * vectors[j]`; this vector may be one of the terms.
  ///
  /// - Returns: The norm of the sum.
  @discardableResult
  public func combine(_ vectors: [Vector], factors: [Double]) -> Double {
    Self.combine(vectors, factors: [factors], into: [self])[0]
  }

  /// Writes the sum of `factors[r][j] * vectors[j]` into each `results[r]`.
  ///
  /// A result may be one of the terms if it is the only result.
  ///
  /// - Returns: The norms of the sums.
  @discardableResult
  public static func combine(_ vectors: [Vector], factors: [[Double]], into results: [Vector]) -> [Double] {
    guard let count = results.first?.count else { return [] }
    precondition(
      factors.count == results.count && factors.allSatisfy { $0.count == vectors.count },
      "a linear combination needs one factor per vector")
    precondition(
      (vectors + results).allSatisfy { $0.count == count }, "the vectors do not have \(count) elements each")
    precondition(
      results.count == 1 || !results.contains { result in vectors.contains { $0 === result } },
      "one of several sums is one of the terms")
    let bases = unsafe vectors.map { unsafe UnsafeRawPointer($0.base) }
    let targets = unsafe results.map { unsafe UnsafeMutableRawPointer($0.base) }
    let squares = unsafe sums(columns: results.count, count: count) { squares in
      unsafe Scalar.kernels.pointee.combine(
        bases, vectors.count, Array(factors.joined()), targets, results.count, squares, count)
    }
    return squares.map { $0.squareRoot() }
  }
}

extension VectorSlice {
  /// The scalar product, summed in `Double`.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func dot(_ other: VectorSlice) -> Double {
    precondition(count == other.count, "vectors of \(count) and \(other.count) elements do not match")
    guard count > 0 else { return 0 }
    let (left, right) = unsafe (base, UnsafeRawPointer(other.base))
    return unsafe withSums(columns: 1, count: count) { sums in
      unsafe withUnsafePointer(to: right) { unsafe Scalar.kernels.pointee.dots(left, $0, 1, sums, count) }
    } read: {
      unsafe $0[0]
    }
  }
}

/// Adds up the rows that a kernel writes for every chunk of vectors of `count` elements.
private func sums(
  columns: Int, count: Int, _ writeRows: (UnsafeMutablePointer<Double>) -> Void
) -> [Double] {
  guard count > 0, columns > 0 else { return Array(repeating: 0, count: columns) }
  return unsafe withSums(columns: columns, count: count, writeRows) { sums in
    unsafe Array(UnsafeBufferPointer(start: sums, count: columns))
  }
}

/// The same for vectors that are not empty, where the sums are not copied.
@inline(__always)
private func withSums<Result>(
  columns: Int, count: Int, _ writeRows: (UnsafeMutablePointer<Double>) -> Void,
  read: (UnsafePointer<Double>) -> Result
) -> Result {
  let rows = (count + Int(VK_CHUNK) - 1) / Int(VK_CHUNK)
  return unsafe withUnsafeTemporaryAllocation(byteCount: rows * columns * 8, alignment: 8) { room in
    guard let start = room.baseAddress else { preconditionFailure("Room for sums has an address.") }
    let sums = unsafe start.bindMemory(to: Double.self, capacity: rows * columns)
    unsafe writeRows(sums)
    unsafe vk_tree_sum(sums, rows, columns)
    return unsafe read(sums)
  }
}
