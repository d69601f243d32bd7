import LinearAlgebra

/// Matrices of weighted scalar products of long vectors, in `Double`.
///
/// The vectors are taken in pieces of a fixed length, so the bits depend on their number and length only.
enum WeightedGram {
  private static let piece = 2048

  /// The matrix of `sum_n weight_n x_i,n x_j,n`.
  static func matrix<Scalar: RealScalar>(
    _ vectors: [Vector<Scalar>], weights: Vector<Double>
  ) -> DenseMatrix {
    sum(rows: vectors.count, weights) { range, rows in
      for (row, vector) in vectors.enumerated() { write(vector, range, into: rows, at: row * range.count) }
    }
  }

  /// The same for the elementwise products `x_i x_j` of pairs of vectors.
  static func pairMatrix<Scalar: RealScalar>(
    _ vectors: [Vector<Scalar>], pairs: [(row: Int, column: Int)], weights: Vector<Double>
  ) -> DenseMatrix {
    sum(rows: pairs.count, weights) { range, rows in
      for (row, pair) in pairs.enumerated() {
        write(vectors[pair.row], vectors[pair.column], range, into: rows, at: row * range.count)
      }
    }
  }

  private static func sum(
    rows count: Int, _ weights: Vector<Double>, _ write: (Range<Int>, Vector<Double>) -> Void
  ) -> DenseMatrix {
    var total = DenseMatrix(count, count)
    for first in stride(from: 0, to: weights.count, by: piece) {
      let range = first..<min(first + piece, weights.count)
      let (rows, weighted) = (
        Vector<Double>(count: count * range.count), Vector<Double>(count: count * range.count)
      )
      write(range, rows)
      for row in 0..<count {
        let place = row * range.count..<(row + 1) * range.count
        weighted.slice(place).becomeProduct(of: rows.slice(place), weights.slice(range))
      }
      let part = Vector<Double>(count: count * count)
      MatrixProduct(rows: count, columns: count, depth: range.count, transposeRight: true)
        .multiply(weighted.all, rows.all, into: part.all)
      for index in total.elements.indices { total.elements[index] += part[index] }
    }
    return 0.5 * (total + total.transposed)
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private static func write<Scalar: RealScalar>(
    _ vector: Vector<Scalar>, _ range: Range<Int>, into rows: Vector<Double>, at place: Int
  ) {
    vector.withSpan { vector in
      rows.withMutableSpan { rows in
        for index in range { rows[place + index - range.lowerBound] = Double(vector[index]) }
      }
    }
  }

  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  private static func write<Scalar: RealScalar>(
    _ left: Vector<Scalar>, _ right: Vector<Scalar>, _ range: Range<Int>, into rows: Vector<Double>,
    at place: Int
  ) {
    left.withSpan { left in
      right.withSpan { right in
        rows.withMutableSpan { rows in
          for index in range {
            rows[place + index - range.lowerBound] = Double(left[index]) * Double(right[index])
          }
        }
      }
    }
  }
}
