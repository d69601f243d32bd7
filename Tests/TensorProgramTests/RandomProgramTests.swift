import TensorProgram
import TestSupport
import Testing

/// Properties of programs drawn at random.
@Suite struct RandomProgramTests {
  @Test(arguments: 0..<300)
  func simplificationKeepsTheResult(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let (plain, simplified) = randomProgram(instructions: 20, smooth: false, using: &generator)
    try plain.verify()
    let point = randomPoint(of: plain, using: &generator)
    let (expected, actual) = (plain.evaluate(point), simplified.evaluate(point))
    #expect(
      distance(expected, actual) <= 1e-11 * norm(expected) + 1e-11, "seed \(seed)\n\(plain)\n\(simplified)")
  }

  @Test(arguments: 0..<40)
  func derivativesToSecondOrder(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let program = randomProgram(instructions: 10, smooth: true, using: &generator).simplified
    let point = randomPoint(of: program, using: &generator)
    checkDerivatives(
      of: program, at: point, withRespectTo: program.inputs.map(\.name), order: 2, using: &generator)
  }
}

/// A random program as it was drawn, and as the builder simplifies it.
private func randomProgram(
  instructions count: Int, smooth: Bool, using generator: inout SeededGenerator
) -> (plain: Program, simplified: Program) {
  var builder = ProgramBuilder(name: "random")
  let shapes = [[2, 3], [3, 2], [2, 2], [3], []]
  var values = shapes.enumerated().map { builder.input("x\($0)", TensorType($1, .double)) }
  var instructions: [Instruction] = []
  while instructions.count < count {
    guard
      let (operation, operands) = randomApplication(
        values.map(builder.type), smooth: smooth, using: &generator)
    else { continue }
    instructions.append(Instruction(operation, operands.map { Value($0) }, result: Value(values.count)))
    values.append(builder.append(operation, operands.map { values[$0] }))
  }
  let handedOut = values.indices.suffix(4)
  for index in handedOut { builder.output("y\(index)", values[index]) }
  let plain = Program(
    name: "plain", types: values.map(builder.type),
    inputs: shapes.indices.map { Program.Port("x\($0)", Value($0)) }, instructions: instructions,
    outputs: handedOut.map { Program.Port("y\($0)", Value($0)) })
  return (plain, builder.build())
}

/// An operation with operands it applies to, as indices of `types`; nil if the draw does not fit.
private func randomApplication(
  _ types: [TensorType], smooth: Bool, using generator: inout SeededGenerator
) -> (Operation, [Int])? {
  func pick<T>(_ choices: [T]) -> T { choices[Int.random(in: choices.indices, using: &generator)] }
  let index = pick(Array(types.indices))
  let shape = types[index].shape
  let partner = pick(types.indices.filter { types[$0] == types[index] })
  switch Int.random(in: 0..<8, using: &generator) {
  case 0: return (.splat(pick([-1, 0, 0.5, 1]), types[index]), [])
  case 1: return (pick([.add, .subtract, .multiply]), [index, partner])
  case 2: return (.scale(pick([-1, 0, 0.5, 1, 2])), [index])
  case 3: return (.offset(pick([-1, 0, 0.5])), [index])
  case 4:
    let functions: [ElementwiseFunction] = [.tanh, .erf, .sigmoid, .softplus]
    let others: [ElementwiseFunction] = [
      .clamp(lower: -0.5, upper: 1), .within(lower: -0.5, upper: .infinity), .exp, .expm1,
    ]
    return (.map(pick(smooth ? functions : functions + others)), [index])
  case 5:
    let axes = shape.indices.filter { _ in Bool.random(using: &generator) }
    return (.sum(axes: axes), [index])
  case 6:
    guard shape.count < 3 else { return nil }
    let new = Int.random(in: 0...shape.count, using: &generator)
    let larger = shape.prefix(new) + [pick([2, 3])] + shape.dropFirst(new)
    return (.broadcast(shape: Array(larger), axes: larger.indices.filter { $0 != new }), [index])
  default:
    let other = pick(Array(types.indices))
    guard shape.count == 2, types[other].shape.count == 2 else { return nil }
    let (left, right) = (Bool.random(using: &generator), Bool.random(using: &generator))
    guard shape[left ? 0 : 1] == types[other].shape[right ? 1 : 0] else { return nil }
    return (.matmul(transposeLeft: left, transposeRight: right), [index, other])
  }
}
