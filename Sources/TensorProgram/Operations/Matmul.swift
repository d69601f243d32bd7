/// `C = A B`, each operand stored as it is or transposed.
///
///     dC = dA B + A dB        A' = C' B^T        B' = A^T C'
///
/// A cotangent (here marked ') of an operand stored transposed is that of the formula, transposed; the
/// transposition is carried by flags and never executed.
struct MatmulRules: OperationRules {
  let transposeLeft: Bool
  let transposeRight: Bool

  func text(_ operands: [String]) -> String {
    "matmul(\(operands[0])\(transposeLeft ? "^T" : ""), \(operands[1])\(transposeRight ? "^T" : ""))"
  }

  func resultType(_ operands: [TensorType]) throws(IllTyped) -> TensorType {
    guard operands.count == 2 else { throw IllTyped("takes two operands, not \(operands.count)") }
    let (left, right) = (operands[0], operands[1])
    guard left.shape.count == 2, right.shape.count == 2, left.scalar == right.scalar else {
      throw IllTyped("needs two matrices of one scalar kind, not \(left) and \(right)")
    }
    let (rows, inner) = logicalShape(left.shape, transposed: transposeLeft)
    let (innerRight, columns) = logicalShape(right.shape, transposed: transposeRight)
    guard inner == innerRight else {
      throw IllTyped("has inner extents \(inner) and \(innerRight), which differ")
    }
    return TensorType([rows, columns], left.scalar)
  }

  private func logicalShape(_ stored: [Int], transposed: Bool) -> (rows: Int, columns: Int) {
    transposed ? (stored[1], stored[0]) : (stored[0], stored[1])
  }

  func evaluate(_ operands: [Tensor], type: TensorType) -> [Double] {
    let (left, right) = (operands[0], operands[1])
    let inner = logicalShape(left.shape, transposed: transposeLeft).columns
    var product = [Double](repeating: 0, count: type.count)
    for row in 0..<type.shape[0] {
      for column in 0..<type.shape[1] {
        for index in 0..<inner {
          let a = transposeLeft ? index * left.shape[1] + row : row * left.shape[1] + index
          let b = transposeRight ? column * right.shape[1] + index : index * right.shape[1] + column
          product[row * type.shape[1] + column] += left.elements[a] * right.elements[b]
        }
      }
    }
    return product
  }

  func simplify(_ operands: [Value], type: TensorType, in builder: inout ProgramBuilder) -> Value? {
    operands.contains(where: builder.isZero) ? builder.splat(0, type) : nil
  }

  func linearize(
    _ operands: [Value], result: Value, tangents: [Tangent?], in builder: inout ProgramBuilder
  ) -> Tangent? {
    let left = builder.linearMap(tangents[0]) { $1.append(operation, [$0, operands[1]]) }
    let right = builder.linearMap(tangents[1]) { $1.append(operation, [operands[0], $0]) }
    return builder.sum(left, right)
  }

  private var operation: Operation {
    .matmul(transposeLeft: transposeLeft, transposeRight: transposeRight)
  }

  func transpose(
    _ cotangent: Value, to index: Int, type: TensorType, known: [Value?], in builder: inout ProgramBuilder
  ) -> Value {
    guard let other = known[1 - index] else { preconditionFailure("matmul is not linear in both operands.") }
    switch (index, transposeLeft, transposeRight) {
    case (0, false, let flag): return builder.matmul(cotangent, other, transposeRight: !flag)
    case (0, true, let flag):
      return builder.matmul(other, cotangent, transposeLeft: flag, transposeRight: true)
    case (_, let flag, false): return builder.matmul(other, cotangent, transposeLeft: !flag)
    case (_, let flag, true):
      return builder.matmul(cotangent, other, transposeLeft: true, transposeRight: flag)
    }
  }
}
