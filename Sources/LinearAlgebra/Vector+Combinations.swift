internal import CVectorKernels

// Scalar products and linear combinations of long vectors: many at once, in one pass over memory.
//
// Everything is summed in `Double`: within chunks of fixed length, and over chunks along the one tree by which blocks of
// examples are added (decision 0002). So the bits depend on the length of the vectors only.

extension Vector {
  /// The scalar product, summed in `Double`.
  public func dot(_ other: Vector) -> Double { all.dot(other.all) }

  /// The Euclidean norm, summed in `Double`.
  public var norm: Double { dot(self).squareRoot() }

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
  public func dot(_ other: VectorSlice) -> Double {
    precondition(count == other.count, "vectors of \(count) and \(other.count) elements do not match")
    return unsafe sums(columns: 1, count: count) { sums in
      unsafe Scalar.kernels.pointee.dots(base, [UnsafeRawPointer(other.base)], 1, sums, count)
    }[0]
  }
}

/// Adds up the rows that a kernel writes for every chunk of vectors of `count` elements.
private func sums(
  columns: Int, count: Int, _ writeRows: (UnsafeMutablePointer<Double>) -> Void
) -> [Double] {
  let rows = (count + Int(VK_CHUNK) - 1) / Int(VK_CHUNK)
  guard rows > 0, columns > 0 else { return Array(repeating: 0, count: columns) }
  return unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: rows * columns) { sums in
    guard let base = sums.baseAddress else { return [] }
    unsafe writeRows(base)
    unsafe vk_tree_sum(base, rows, columns)
    return unsafe Array(sums.prefix(columns))
  }
}
