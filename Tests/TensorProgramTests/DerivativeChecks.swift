import TensorProgram
import TestSupport
import Testing

/// Checks the derivatives of a program at a random point, to the given order.
///
/// In one random direction, the pushforward is compared with differences, the linearisation with the pushforward,
/// and the transpose with the linearisation through the adjoint identity `<J v, c> = <v, J^T c>`. Then the same
/// is asked of the pushforward and of the pullback, themselves programs, for the next order. (After
/// `check_grads` of JAX.)
func checkDerivatives(
  of program: Program, at point: [[Double]], withRespectTo names: [String], order: Int = 3,
  using generator: inout SeededGenerator, sourceLocation: SourceLocation = #_sourceLocation
) {
  let prefixes = ("t\(order).", "c\(order).")
  let pushforward = program.pushforward(withRespectTo: names, prefix: prefixes.0)
  let pullback = program.pullback(withRespectTo: names, prefix: prefixes.1)
  let direction = pushforward.inputs.dropFirst(point.count).map {
    generator.vector(pushforward.type(of: $0.value).count)
  }
  let seed = pullback.inputs.dropFirst(point.count).map {
    generator.vector(pullback.type(of: $0.value).count)
  }

  let outputs = pushforward.evaluate(point + direction)
  let values = Array(outputs.prefix(program.outputs.count))
  let tangents = Array(outputs.dropFirst(program.outputs.count))
  #expect(distance(values, program.evaluate(point)) <= 1e-12 * norm(values), sourceLocation: sourceLocation)

  let estimate = difference(of: program, at: point, along: direction, withRespectTo: names)
  #expect(
    distance(tangents, estimate) <= 1e-7 * norm(tangents) + 1e-10 * norm(values),
    "pushforward of \(program)", sourceLocation: sourceLocation)

  let linear = applyLinearization(
    program.linearize(withRespectTo: names), at: point, to: direction)
  #expect(
    distance(linear, tangents) <= 1e-12 * norm(tangents),
    "linearisation of \(program)", sourceLocation: sourceLocation)

  let cotangents = Array(pullback.evaluate(point + seed).dropFirst(program.outputs.count))
  let (left, right) = (dot(tangents, seed), dot(direction, cotangents))
  #expect(
    abs(left - right) <= 1e-11 * (norm(tangents) * norm(seed) + norm(direction) * norm(cotangents)),
    "transpose of \(program)", sourceLocation: sourceLocation)

  guard order > 1 else { return }
  checkDerivatives(
    of: pushforward, at: point + direction, withRespectTo: names + names.map { prefixes.0 + $0 },
    order: order - 1, using: &generator, sourceLocation: sourceLocation)
  checkDerivatives(
    of: pullback, at: point + seed,
    withRespectTo: names + program.outputs.map { prefixes.1 + $0.name },
    order: order - 1, using: &generator, sourceLocation: sourceLocation)
}

/// The derivative along `direction` by the symmetric five-point formula, whose error is `O(h^4)`.
func difference(
  of program: Program, at point: [[Double]], along direction: [[Double]], withRespectTo names: [String],
  step: Double = 5e-4
) -> [[Double]] {
  func values(_ multiple: Double) -> [[Double]] {
    var moved = point
    for (name, tangent) in zip(names, direction) {
      guard let index = program.inputs.firstIndex(where: { $0.name == name }) else { continue }
      moved[index] = zip(moved[index], tangent).map { $0 + multiple * step * $1 }
    }
    return program.evaluate(moved)
  }
  let (near, far) = ((values(1), values(-1)), (values(2), values(-2)))
  return near.0.indices.map { output in
    near.0[output].indices.map { element in
      (8 * (near.0[output][element] - near.1[output][element])
        - (far.0[output][element] - far.1[output][element])) / (12 * step)
    }
  }
}

/// Runs the primal half at `point` and the linear half on `tangent`.
func applyLinearization(
  _ linearization: Linearization, at point: [[Double]], to tangent: [[Double]]
) -> [[Double]] {
  let values = linearization.primal.evaluate(point)
  let residuals = linearization.residuals.map { residual in
    switch residual {
    case .input(let index): point[index]
    case .output(let index): values[index]
    }
  }
  return linearization.linear.evaluate(tangent + residuals)
}

/// A random point for the inputs of a program.
func randomPoint(of program: Program, using generator: inout SeededGenerator) -> [[Double]] {
  program.inputs.map { generator.vector(program.type(of: $0.value).count) }
}

func dot(_ a: [[Double]], _ b: [[Double]]) -> Double {
  zip(a.joined(), b.joined()).reduce(0) { $0 + $1.0 * $1.1 }
}

func norm(_ a: [[Double]]) -> Double { dot(a, a).squareRoot() }

func distance(_ a: [[Double]], _ b: [[Double]]) -> Double {
  #expect(a.map(\.count) == b.map(\.count))
  return zip(a.joined(), b.joined()).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
}
