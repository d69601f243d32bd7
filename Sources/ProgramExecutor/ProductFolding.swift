import LinearAlgebra
import TensorProgram

/// Scales, sums and differences of matrix products that the products themselves take over: `alpha A B + C`.
///
/// Only what nobody else needs is folded, and only into products whose elements are no scalar products.
struct ProductFolding {
  /// The factor of a product, by its value; 1 where there is none.
  private(set) var factors: [Int: Double] = [:]
  /// The value in whose memory a folded value is found; those of products that are added to another one too.
  private(set) var homes: [Int: Int] = [:]

  private var useCounts: [Int: Int] = [:]
  /// Every product, or sum of products: the instruction that completes it, and whether it is one product.
  private var terms: [Int: Term] = [:]

  private struct Term {
    /// The value whose memory holds it.
    var home: Int
    /// The product that is computed last.
    var last: Int
    /// The position of that product among the instructions.
    var position: Int
    /// Whether `last` is all, and can be scaled and added to something.
    var isFlexible: Bool
  }

  /// Folds nothing.
  init() {}

  init(_ program: Program) {
    let uses = program.instructions.flatMap(\.operands) + program.outputs.map(\.value)
    for value in uses { useCounts[value.index, default: 0] += 1 }
    for (position, instruction) in program.instructions.enumerated() {
      let result = instruction.result.index, operands = instruction.operands.map(\.index)
      switch instruction.operation {
      case .matmul:
        let product = MatrixProduct(instruction, in: program)
        terms[result] = Term(
          home: result, last: result, position: position, isFlexible: product.scaled(by: 1) != nil)
      case .scale(let factor): scale(operands[0], by: factor, result)
      case .add: combine(operands[0], operands[1], sign: 1, result)
      case .subtract: combine(operands[0], operands[1], sign: -1, result)
      default: break
      }
    }
  }

  /// The term that a value is, if this is its only use.
  private func term(_ value: Int) -> Term? { useCounts[value] == 1 ? terms[value] : nil }

  private mutating func scale(_ operand: Int, by factor: Double, _ result: Int) {
    guard let term = term(operand), term.isFlexible else { return }
    factors[term.last, default: 1] *= factor
    fold(result, term)
  }

  /// The product that comes later is added to the other.
  private mutating func combine(_ left: Int, _ right: Int, sign: Double, _ result: Int) {
    guard let a = term(left), let b = term(right) else { return }
    let (earlier, later) = a.position < b.position ? (a, b) : (b, a)
    // A difference turns the sign of the right operand, which must be one that can be scaled.
    guard later.isFlexible, sign == 1 || b.isFlexible else { return }
    if sign == -1 { factors[b.last, default: 1] *= -1 }
    homes[later.last] = earlier.home
    fold(result, Term(home: earlier.home, last: later.last, position: later.position, isFlexible: false))
  }

  private mutating func fold(_ result: Int, _ term: Term) {
    homes[result] = term.home
    terms[result] = term
  }
}

extension MatrixProduct {
  /// The product that an instruction computes.
  init(_ instruction: Instruction, in program: Program) {
    guard case .matmul(let transposeLeft, let transposeRight) = instruction.operation else {
      preconditionFailure("\(instruction.operation) is no matrix product")
    }
    let left = program.type(of: instruction.operands[0]).shape
    let right = program.type(of: instruction.operands[1]).shape
    self.init(
      rows: left[transposeLeft ? 1 : 0], columns: right[transposeRight ? 0 : 1],
      depth: left[transposeLeft ? 0 : 1], transposeLeft: transposeLeft, transposeRight: transposeRight)
  }
}
