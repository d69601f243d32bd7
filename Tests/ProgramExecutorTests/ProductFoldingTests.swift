import LinearAlgebra
import TensorProgram
import Testing

@testable import ProgramExecutor

@Suite struct ProductFoldingTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// What runs: products as the profile prints them, or other operations.
    let groups: [String]
    let make: @Sendable (inout ProgramBuilder, _ a: Value, _ b: Value) -> Value
  }

  static let plain = "40 x 40 x 40 NN"

  static let cases = [
    Case(testDescription: "a + b", groups: [plain, plain + " added"]) { $0.add($1, $2) },
    Case(testDescription: "a - b", groups: [plain, plain + " added scaled"]) { $0.subtract($1, $2) },
    Case(testDescription: "b - a", groups: [plain + " scaled", plain + " added"]) { $0.subtract($2, $1) },
    Case(testDescription: "2 a + b", groups: [plain + " scaled", plain + " added"]) {
      $0.add($0.scale($1, by: 2), $2)
    },
    Case(testDescription: "a - 3 b", groups: [plain, plain + " added scaled"]) {
      $0.subtract($1, $0.scale($2, by: 3))
    },
    Case(testDescription: "a + b, and a again", groups: [plain, plain, "add"]) {
      let sum = $0.add($1, $2)
      $0.output("a", $1)
      return sum
    },
    Case(testDescription: "-2 (a + b)", groups: [plain, plain + " added", "scale"]) {
      $0.scale($0.add($1, $2), by: -2)
    },
    Case(testDescription: "a + b + c", groups: [plain, plain + " added", plain + " added"]) {
      let c = $0.matmul(
        $0.input("v", TensorType([40, 40], .double)), $0.input("w", TensorType([40, 40], .double)))
      return $0.add($0.add($1, $2), c)
    },
  ]

  @Test(arguments: cases)
  func foldedProductsAgreeWithTheReference(test: Case) throws {
    let program = program(test)
    try expectReferenceValues(program, Double.self)
    let groups = try Executable<Double>(program).makeProfile().groups.map(\.text)
    #expect(groups == test.groups)
  }

  func program(_ test: Case) -> Program {
    var builder = ProgramBuilder(name: test.testDescription)
    let inner = TensorType([40, 40], .double)
    let inputs = (0..<4).map { builder.input("x\($0)", inner) }
    let a = builder.matmul(inputs[0], inputs[1]), b = builder.matmul(inputs[2], inputs[3])
    builder.output("y", test.make(&builder, a, b))
    return builder.build()
  }

  /// A column of scalar products comes from a kernel that can neither scale nor add; all other products can.
  @Test(arguments: [(depth: 30, columns: 1, groups: 3), (1, 100, 2), (30, 7, 2)])
  func scalarProductsAreLeftAlone(depth: Int, columns: Int, groups: Int) throws {
    var builder = ProgramBuilder(name: "sum")
    let x = builder.input("x", TensorType([20, depth], .float)),
      y = builder.input("y", TensorType([20, depth], .float))
    let v = builder.input("v", TensorType([depth, columns], .float)),
      w = builder.input("w", TensorType([depth, columns], .float))
    builder.output("sum", builder.add(builder.scale(builder.matmul(x, v), by: 2), builder.matmul(y, w)))
    let program = builder.build()
    try expectReferenceValues(program, Float.self)
    #expect(try Executable<Float>(program).makeProfile().groups.count == groups)
  }
}
