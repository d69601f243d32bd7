/// The largest element at every position of a window, plane by plane.
///
///     d maxPool(a) = pick(a, da)
struct MaxPoolingRules: OperationRules {
  let window: SlidingWindow

  func text(_ operands: [String]) -> String { "maxPool(\(operands[0]), \(window.poolingText))" }

  func resultType(_ operands: [TensorType]) throws(IllTyped) -> TensorType {
    let operand = try onlyType(operands)
    try window.checkPooling()
    return try window.pooled(operand, from: window.inputPlane, to: window.outputPlane)
  }

  func evaluate(_ operands: [Tensor], type: TensorType) -> [Double] {
    let elements = operands[0].elements
    return window.placesOfMaxima(elements).map { elements[$0] }
  }

  func linearize(
    _ operands: [Value], result: Value, tangents: [Tangent?], in builder: inout ProgramBuilder
  ) -> Tangent? {
    builder.linearMap(tangents[0]) { $1.append(.pickMaxima(window, adjoint: false), [operands[0], $0]) }
  }
}

/// `pick(a, b)`: the elements of `b` where those of `a` are largest in every position of a window, or its adjoint in
/// `b`, which puts elements there and adds up where positions overlap.
///
/// Constant in `a` almost everywhere, linear in `b`. Of equal elements the first is the largest, row by row, as in
/// PyTorch.
struct PickMaximaRules: OperationRules {
  let window: SlidingWindow
  let isAdjoint: Bool

  func text(_ operands: [String]) -> String {
    "pickMaxima\(isAdjoint ? "^T" : "")(\(operands[0]), \(operands[1]), \(window.poolingText))"
  }

  func resultType(_ operands: [TensorType]) throws(IllTyped) -> TensorType {
    guard operands.count == 2 else { throw IllTyped("takes two operands, not \(operands.count)") }
    try window.checkPooling()
    let pooled = try window.pooled(operands[0], from: window.inputPlane, to: window.outputPlane)
    let (expected, result) = isAdjoint ? (pooled, operands[0]) : (operands[0], pooled)
    guard operands[1] == expected else { throw IllTyped("needs a \(expected), not a \(operands[1])") }
    return result
  }

  func evaluate(_ operands: [Tensor], type: TensorType) -> [Double] {
    let places = window.placesOfMaxima(operands[0].elements)
    guard isAdjoint else { return places.map { operands[1].elements[$0] } }
    var results = [Double](repeating: 0, count: type.count)
    for (place, element) in zip(places, operands[1].elements) { results[place] += element }
    return results
  }

  func simplify(_ operands: [Value], type: TensorType, in builder: inout ProgramBuilder) -> Value? {
    builder.isZero(operands[1]) ? builder.splat(0, type) : nil
  }

  func linearize(
    _ operands: [Value], result: Value, tangents: [Tangent?], in builder: inout ProgramBuilder
  ) -> Tangent? {
    builder.linearMap(tangents[1]) { $1.append(.pickMaxima(window, adjoint: isAdjoint), [operands[0], $0]) }
  }

  func transpose(
    _ cotangent: Value, to index: Int, type: TensorType, known: [Value?], in builder: inout ProgramBuilder
  ) -> Value {
    guard index == 1, let places = known[0] else {
      preconditionFailure("pickMaxima is linear in its second operand only.")
    }
    return builder.append(.pickMaxima(window, adjoint: !isAdjoint), [places, cotangent])
  }
}

extension SlidingWindow {
  /// For every position, over all planes, where its largest element stands: the first of equal ones, and the first NaN
  /// before all numbers.
  fileprivate func placesOfMaxima(_ elements: [Double]) -> [Int] {
    var places: [Int] = []
    forEachPosition(planes: planes(of: elements)) { _, seen in
      places.append(seen.dropFirst().reduce(seen[0]) { exceeds(elements[$1], elements[$0]) ? $1 : $0 })
    }
    return places
  }

  private func exceeds(_ element: Double, _ largest: Double) -> Bool {
    element > largest || element.isNaN && !largest.isNaN
  }
}
