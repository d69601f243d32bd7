import LinearAlgebra
import ProgramExecutor
import TensorProgram
import Testing

/// Programs drawn at random, against the slow reference.
@Suite struct RandomProgramTests {
  @Test(arguments: 0..<60)
  func agreesWithTheReference(seed: Int) throws {
    var single = RandomProgram(seed: UInt64(seed), scalar: .float)
    try expectReferenceValues(single.make(), Float.self)
    var double = RandomProgram(seed: UInt64(seed), scalar: .double)
    try expectReferenceValues(double.make(), Double.self)
  }
}

/// Appends random operations to a pool of values, and hands out some of them.
struct RandomProgram {
  private var builder = ProgramBuilder(name: "random")
  private var pool: [Value] = []
  private let random: Philox
  private var drawn: UInt64 = 0
  private let scalar: ScalarKind

  init(seed: UInt64, scalar: ScalarKind) {
    random = Philox(seed: seed, stream: .data)
    self.scalar = scalar
  }

  mutating func make() -> Program {
    for index in 0..<3 {
      let shape = (0..<below(4)).map { _ in extent() }
      pool.append(builder.input("x\(index)", TensorType(shape, scalar)))
    }
    for _ in 0..<25 { pool.append(operation()) }
    for index in 0..<4 { builder.output("y\(index)", pool[pool.count - 1 - below(12)]) }
    return builder.build()
  }

  private mutating func below(_ bound: Int) -> Int {
    drawn += 1
    return Int(random.uniform(drawn) * Double(bound))
  }

  private mutating func extent() -> Int { [1, 2, 3, 5, 17, 40][below(6)] }

  private mutating func operation() -> Value {
    let value = pool[below(pool.count)], shape = builder.type(of: value).shape
    switch below(9) {
    case 0: return builder.map(.tanh, value)
    case 1: return builder.map(.sigmoid, builder.scale(value, by: 1.5))
    case 2: return builder.offset(builder.map(.clamp(lower: -1, upper: 2), value), by: -0.5)
    case 3, 4: return combination(value, shape)
    case 5 where shape.count < 4: return repetition(value, shape)
    case 6 where !shape.isEmpty: return builder.map(.tanh, builder.sum(value, axes: axes(shape)))
    case 7: return builder.map(.log1p, builder.map(.softplus, value))
    case 8 where shape.count == 2: return product(value, shape)
    default: return builder.map(.softplus, value)
    }
  }

  private mutating func axes(_ shape: [Int]) -> [Int] {
    let chosen = shape.indices.filter { _ in below(2) == 0 }
    return chosen.isEmpty ? [0] : chosen
  }

  private mutating func combination(_ value: Value, _ shape: [Int]) -> Value {
    let partners = pool.filter { builder.type(of: $0).shape == shape }
    let partner = partners[below(partners.count)]
    switch below(3) {
    case 0: return builder.add(value, partner)
    case 1: return builder.subtract(value, partner)
    default: return builder.map(.tanh, builder.multiply(value, partner))
    }
  }

  /// A broadcast that is used in place, or by itself.
  private mutating func repetition(_ value: Value, _ shape: [Int]) -> Value {
    var larger = shape
    let position = below(shape.count + 1)
    larger.insert(extent(), at: position)
    let axes = larger.indices.filter { $0 != position }
    let repeated = builder.broadcast(value, to: larger, axes: axes)
    let partners = pool.filter { builder.type(of: $0).shape == larger }
    guard let partner = partners.first else { return repeated }
    return below(2) == 0 ? builder.add(partner, repeated) : builder.subtract(repeated, partner)
  }

  private mutating func product(_ value: Value, _ shape: [Int]) -> Value {
    let (left, right) = (below(2) == 0, below(2) == 0)
    let depth = shape[left ? 0 : 1], columns = extent()
    let other = builder.input(
      "w\(pool.count)", TensorType(right ? [columns, depth] : [depth, columns], scalar))
    let product = builder.matmul(value, other, transposeLeft: left, transposeRight: right)
    return builder.map(.tanh, builder.scale(product, by: 0.1))
  }
}
