internal import LinearAlgebra

/// The preconditioner of Adafactor: the root of a product of row means and column means of squares.
final class FactoredMoments<Scalar: RealScalar>: Preconditioner {
  /// Where a parameter array and its moments lie in the flat vectors.
  private struct Block {
    let weights: Range<Int>
    let rows: Range<Int>
    let columns: Range<Int>
    /// What the root is multiplied by: clipping and relative steps.
    var factor = 1.0
  }

  private let parameters: Hyperparameters
  private var blocks: [Block] = []
  private let rowMoments: Vector<Scalar>
  private let columnMoments: Vector<Scalar>
  private let newRows: Vector<Scalar>
  private let newColumns: Vector<Scalar>
  /// Holds `P` during a step.
  private let scales: Vector<Scalar>
  /// Holds what may be clipped.
  private let unclipped: Vector<Scalar>?

  init(_ parameters: Hyperparameters, shapes: [[Int]]) {
    self.parameters = parameters
    var (weights, rows, columns) = (0, 0, 0)
    for shape in shapes {
      let width = shape.dropFirst(shape.count > 1 ? 1 : 0).reduce(1, *)
      let height = shape.count > 1 ? shape[0] : 1
      blocks.append(
        Block(
          weights: weights..<weights + height * width, rows: rows..<rows + height,
          columns: columns..<columns + width))
      (weights, rows, columns) = (weights + height * width, rows + height, columns + width)
    }
    (rowMoments, newRows) = (Vector(count: rows), Vector(count: rows))
    (columnMoments, newColumns) = (Vector(count: columns), Vector(count: columns))
    scales = Vector(count: weights)
    unclipped = parameters.optional(.clip) == nil ? nil : Vector(count: weights)
  }

  var state: [(name: String, vector: Vector<Scalar>)] {
    [("row_moments", rowMoments), ("column_moments", columnMoments)]
  }

  func absorb(_ gradient: Vector<Scalar>, at weights: Vector<Scalar>, count: Int) {
    for block in blocks {
      gradient.slice(block.weights).squareMeans(
        rows: newRows.slice(block.rows), columns: newColumns.slice(block.columns))
    }
    accumulate(newRows, in: rowMoments, count: count)
    accumulate(newColumns, in: columnMoments, count: count)
    clip(gradient, count: count)
    if parameters.flag(.relativeStep) { makeRelative(to: weights) }
  }

  /// `1 - t^-c`, or a constant.
  private func beta2(_ count: Int) -> Double {
    parameters.optional(.decayRate).map { 1 - ElementaryFunctions.power(Double(count), -$0) }
      ?? parameters[.beta2]
  }

  /// Epsilon is tiny: it enters the average as a whole, so that it cannot be lost.
  private func accumulate(_ means: Vector<Scalar>, in moments: Vector<Scalar>, count: Int) {
    let beta2 = beta2(count)
    means.all.offset(by: parameters[.epsilon])
    moments.mix(moments, by: beta2, means, by: 1 - beta2)
  }

  private func clip(_ gradient: Vector<Scalar>, count: Int) {
    for index in blocks.indices { blocks[index].factor = 1 }
    guard let limit = parameters.optional(.clip), let unclipped else { return }
    writeRoots(into: scales, count: count)
    unclipped.fill(0)
    unclipped.all.step(along: gradient.all, by: 1, dividedBy: scales.all)
    for (index, block) in blocks.enumerated() {
      blocks[index].factor = max(1, rootMeanSquare(unclipped.slice(block.weights)) / limit)
    }
  }

  private func makeRelative(to weights: Vector<Scalar>) {
    for (index, block) in blocks.enumerated() {
      blocks[index].factor /= max(1e-3, rootMeanSquare(weights.slice(block.weights)))
    }
  }

  private func rootMeanSquare(_ slice: VectorSlice<Scalar>) -> Double {
    (slice.dot(slice) / Double(max(slice.count, 1))).squareRoot()
  }

  /// The bias correction of the second moments; a schedule of `beta2` begins with 0 and needs none.
  private func correction(_ count: Int) -> Double {
    guard parameters.flag(.biasCorrection), parameters.optional(.decayRate) == nil else { return 1 }
    return 1 - power(parameters[.beta2], count)
  }

  /// Writes the roots times the blocks' factors; 0 for a block whose gradients were all 0.
  private func writeRoots(into diagonal: Vector<Scalar>, count: Int) {
    for block in blocks {
      let rows = rowMoments.slice(block.rows)
      let mean = rows.array.reduce(0.0) { $0 + Double($1) } / Double(max(rows.count, 1))
      diagonal.slice(block.weights).becomeRootProducts(
        rows: rows, columns: columnMoments.slice(block.columns),
        factor: mean == 0 ? 0 : block.factor * block.factor / (mean * correction(count)))
    }
  }

  func write(into diagonal: Vector<Scalar>, after count: Int) {
    writeRoots(into: diagonal, count: count)
    if parameters.flag(.biasCorrection) { diagonal.scale(by: 1 - power(parameters[.beta1], count)) }
  }

  func move(_ weights: Vector<Scalar>, along direction: Vector<Scalar>, by amount: Double, after count: Int) {
    write(into: scales, after: count)
    weights.all.step(along: direction.all, by: amount, dividedBy: scales.all)
  }
}
