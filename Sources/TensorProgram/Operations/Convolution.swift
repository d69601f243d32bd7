/// Convolution and its two adjoints, which are one trilinear form seen from three sides.
///
///     T(x, w, y) = sum over n, o, c, pixels (i, j), window (p, q) of
///                  y[n, o, i, j] w[o, c, p, q] x[n, c, i s + p - padding, j s + q - padding]
///
/// Each operation is the derivative of `T` by one of the three, made of the other two, in the order x, w, y. So each
/// is bilinear, and its adjoint in either operand is again one of them: that of the operand, made of the cotangent
/// in the place of the result.
struct ConvolutionRules: OperationRules {
  let window: SlidingWindow
  let result: ConvolutionRole

  private var operation: Operation { .convolve(window, result) }
  private var operandRoles: [ConvolutionRole] { ConvolutionRole.allCases.filter { $0 != result } }

  func text(_ operands: [String]) -> String {
    let details = "stride: \(window.stride), padding: \(window.padding)"
    return "convolve.\(result.rawValue)(\(operands.joined(separator: ", ")), \(details))"
  }

  func resultType(_ operands: [TensorType]) throws(IllTyped) -> TensorType {
    try window.check()
    guard operands.count == 2 else { throw IllTyped("takes two operands, not \(operands.count)") }
    guard operands.allSatisfy({ $0.shape.count == 4 && $0.scalar == operands[0].scalar }) else {
      throw IllTyped(
        "needs two tensors of four axes and one scalar kind, not \(operands[0]) and \(operands[1])")
    }
    for (role, operand) in zip(operandRoles, operands) where Array(operand.shape[2...]) != plane(role) {
      throw IllTyped("needs an \(role.rawValue) of \(plane(role)) pixels, not \(operand)")
    }
    let (first, second) = (operands[0].shape, operands[1].shape)
    let (leading, shared): ([Int], (Int, Int)) =
      switch result {
      case .output: ([first[0], second[0]], (first[1], second[1]))
      case .input: ([second[0], first[1]], (first[0], second[1]))
      case .weight: ([second[1], first[1]], (first[0], second[0]))
      }
    guard shared.0 == shared.1 else {
      throw IllTyped("has operands \(operands[0]) and \(operands[1]), which do not share an extent")
    }
    return TensorType(leading + plane(result), operands[0].scalar)
  }

  private func plane(_ role: ConvolutionRole) -> [Int] {
    switch role {
    case .input: [window.height, window.width]
    case .weight: [window.windowHeight, window.windowWidth]
    case .output: [window.outputHeight, window.outputWidth]
    }
  }

  func evaluate(_ operands: [Tensor], type: TensorType) -> [Double] {
    var shapes = Dictionary(uniqueKeysWithValues: zip(operandRoles, operands.map(\.shape)))
    shapes[result] = type.shape
    guard let input = shapes[.input], let weight = shapes[.weight] else { return [] }
    let (a, b) = (operands[0].elements, operands[1].elements)
    var sums = [Double](repeating: 0, count: type.count)
    forEachTerm(examples: input[0], outputs: weight[0], inputs: weight[1]) { x, w, y in
      switch result {
      case .output: sums[y] += a[x] * b[w]
      case .input: sums[x] += a[w] * b[y]
      case .weight: sums[w] += a[x] * b[y]
      }
    }
    return sums
  }

  /// Calls `body` with the places of the three factors of every term of `T`.
  private func forEachTerm(examples: Int, outputs: Int, inputs: Int, _ body: (Int, Int, Int) -> Void) {
    let (inputPlane, windowPlane) = (window.height * window.width, window.windowHeight * window.windowWidth)
    let outputPlane = window.outputHeight * window.outputWidth
    for pixel in 0..<outputPlane {
      let seen = window.pixels(seenFrom: pixel)
      for n in 0..<examples {
        for o in 0..<outputs {
          for c in 0..<inputs {
            for (image, place) in seen {
              body(
                (n * inputs + c) * inputPlane + image, (o * inputs + c) * windowPlane + place,
                (n * outputs + o) * outputPlane + pixel)
            }
          }
        }
      }
    }
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

  func transpose(
    _ cotangent: Value, to index: Int, type: TensorType, known: [Value?], in builder: inout ProgramBuilder
  ) -> Value {
    let (role, otherRole) = (operandRoles[index], operandRoles[1 - index])
    guard let other = known[1 - index] else {
      preconditionFailure("convolve is not linear in both operands.")
    }
    let operands = [result: cotangent, otherRole: other]
    return builder.append(.convolve(window, role), ConvolutionRole.allCases.compactMap { operands[$0] })
  }
}
