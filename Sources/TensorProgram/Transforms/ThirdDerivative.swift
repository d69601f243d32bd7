/// The third derivative of a scalar program along pairs of directions, as three programs: what depends on the point only is
/// computed once for every point, what depends on one direction once for every direction.
///
/// For `k` directions that is `primal` once, `direction` k times and `pair` up to k (k + 1) / 2 times.
public struct ThirdDerivative: Sendable {
  /// What depends on the point: `x -> (f(x), Df(x), residuals)`.
  ///
  /// The outputs are those of the gradient, then the residuals `r0`, `r1` and so on that are not inputs.
  public let primal: Program
  /// What depends on a direction: `(u, residuals) -> (H u, t0, t1, ...)`.
  ///
  /// The inputs are the tangents, named like what they are tangent to, and the residuals
  /// that it needs; the first outputs are the Hessian product, named likewise.
  public let direction: Program
  /// What depends on both: `(u, v, residuals, t of u, t of v) -> D^3 f(x)[u, v]`.
  ///
  /// Inputs of either direction are named as there, with `u.` or `v.`
  /// before it; the outputs are named like what they are the gradient by.
  public let pair: Program
  /// Where each residual comes from, by the number in its name.
  public let residuals: [Linearization.Residual]
}

extension Program {
  /// Splits the derivative of the Hessian product of the first output, a scalar, along a second direction.
  ///
  /// - Parameter names: the inputs that are varied.
  /// - Returns: the three parts; `pair` has no instruction that depends on one direction only, but for broadcasts and the like.
  public func thirdDerivativeParts(withRespectTo names: [String]) -> ThirdDerivative {
    let gradient = gradient(withRespectTo: names)
    let products = gradient.pushforward(withRespectTo: names, outputs: names, prefix: "u.")
    let joint = products.pushforward(
      withRespectTo: names, outputs: names.map { "u." + $0 }, prefix: "v.")
    var split = ThreeWaySplit(self, joint: joint, names: names)
    for instruction in joint.instructions { split.append(instruction) }
    return split.parts(of: joint, gradientOutputs: gradient.outputs.count)
  }
}

/// The work of `thirdDerivativeParts`: partial evaluation with four kinds of values, by the directions they depend on.
///
/// Values of either direction go to one program, in which `u` stands for both: the same rules make both, so that they meet there.
private struct ThreeWaySplit {
  /// A value of the joint program, as one of the program that computes it.
  private enum Place {
    case primal(Value)
    case direction(Value, side: Int)
    case pair(Value)
  }

  private static let sides = ["u.", "v."]
  private let names: [String]
  private let inputs: [Value]
  private var primal: ProgramBuilder
  private var direction: ProgramBuilder
  private var pair: ProgramBuilder
  private var places = Environment<Place>()
  /// Values of `primal` that others need, and what they are there.
  private var residuals: [Value] = []
  private var toDirection = Handover()
  private var toPair = Handover()
  /// Values of `direction` that pairs need, and what they are there on either side.
  private var carried: [Value] = []
  private var carriedInPair: [[Value: Value]] = [[:], [:]]

  init(_ program: Program, joint: Program, names: [String]) {
    self.names = names
    primal = ProgramBuilder(name: "\(program.name).primal")
    direction = ProgramBuilder(name: "\(program.name).direction")
    pair = ProgramBuilder(name: "\(program.name).pair")
    inputs = primal.inputs(like: program)
    for (port, value) in zip(joint.inputs, inputs) { places.bind(port.value, to: .primal(value)) }
    let ports = joint.inputs.dropFirst(inputs.count)
    let directions = zip(names, ports).map { direction.input($0, joint.type(of: $1.value)) }
    for (index, port) in ports.enumerated() {
      let (side, number) = index.quotientAndRemainder(dividingBy: names.count)
      places.bind(port.value, to: .direction(directions[number], side: side))
      carriedInPair[side][directions[number]] = pair.input(
        Self.sides[side] + names[number], joint.type(of: port.value))
    }
  }

  mutating func append(_ instruction: Instruction) {
    let operands = places[instruction.operands]
    var (sides, isOfPair): (Set<Int>, Bool) = ([], false)
    for place in operands {
      switch place {
      case .primal: break
      case .direction(_, let side): sides.insert(side)
      case .pair: isOfPair = true
      }
    }
    let place: Place
    if isOfPair || sides.count == 2 {
      var values: [Value] = []
      for operand in operands { values.append(inPair(operand)) }
      place = .pair(pair.append(instruction.operation, values))
    } else if let side = sides.first {
      var values: [Value] = []
      for operand in operands { values.append(inDirection(operand)) }
      place = .direction(direction.append(instruction.operation, values), side: side)
    } else {
      place = .primal(
        primal.append(
          instruction.operation,
          operands.compactMap { if case .primal(let value) = $0 { value } else { nil } }))
    }
    places.bind(instruction.result, to: place)
  }

  private mutating func inDirection(_ place: Place) -> Value {
    switch place {
    case .primal(let value): toDirection.value(value, of: primal, in: &direction, numbers: &residuals)
    case .direction(let value, _): value
    case .pair: preconditionFailure("What depends on two directions is no part of one.")
    }
  }

  private mutating func inPair(_ place: Place) -> Value {
    switch place {
    case .primal(let value): residualOfPair(value)
    case .direction(let value, let side): carried(value, side)
    case .pair(let value): value
    }
  }

  // MARK: - Values that cross from one program into another

  private mutating func residualOfPair(_ value: Value) -> Value {
    toPair.value(value, of: primal, in: &pair, numbers: &residuals)
  }

  /// A value of `direction`, as one of `pair`; what is a residual there is one here.
  private mutating func carried(_ value: Value, _ side: Int) -> Value {
    if let known = carriedInPair[side][value] { return known }
    let result: Value
    if let residual = residuals.first(where: { toDirection[$0] == value }) {
      result = residualOfPair(residual)
    } else if let definition = direction.definition(of: value), definition.operation.isRemade {
      var operands: [Value] = []
      for operand in definition.operands { operands.append(carried(operand, side)) }
      result = pair.append(definition.operation, operands)
    } else {
      let number = carried.firstIndex(of: value) ?? carried.count
      if number == carried.count { carried.append(value) }
      result = pair.input("\(Self.sides[side])t\(number)", direction.type(of: value))
    }
    carriedInPair[side][value] = result
    return result
  }

  // MARK: - The result

  mutating func parts(of joint: Program, gradientOutputs: Int) -> ThirdDerivative {
    var handedOut: [Value] = []
    for port in joint.outputs.prefix(gradientOutputs) {
      guard case .primal(let value) = places[port.value] else { continue }
      primal.output(port.name, value)
      handedOut.append(value)
    }
    let products = joint.outputs.dropFirst(gradientOutputs)
    for (name, port) in zip(names, products) { direction.output(name, inDirection(places[port.value])) }
    for (name, port) in zip(names, products.dropFirst(names.count)) {
      pair.output(name, inPair(places[port.value]))
    }
    for (number, value) in carried.enumerated() { direction.output("t\(number)", value) }
    let sources = primal.handOut(residuals, inputs: inputs, after: handedOut)
    return ThirdDerivative(
      primal: primal.build(), direction: direction.build(), pair: pair.build(), residuals: sources)
  }
}
