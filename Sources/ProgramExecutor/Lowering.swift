import CVectorKernels
import LinearAlgebra
import TensorProgram

/// Where a value lives while a program runs.
enum Storage: Hashable {
  /// Memory bound from outside, never written.
  case input(Int)
  /// Memory bound from outside, written.
  case output(Int)
  /// The executable's own memory.
  case arena
  /// Memory that a step needs while it runs, the same for all.
  case scratch
}

/// Translates a program to steps over whole arrays.
///
/// Values keep their numbers; those of intermediate results follow. A broadcast makes no step where its user
/// can repeat the elements itself.
struct Lowering<Scalar: RealScalar> {
  private typealias Library = KernelLibrary<Scalar>

  private let program: Program
  private let folding: ProductFolding
  private(set) var steps: [Step] = []
  /// The instruction that is translated.
  private var instruction: Int?
  /// The number of elements of every value.
  private(set) var counts: [Int]
  /// Where every value lives.
  private(set) var storage: [Storage]
  /// Values that are the same elements as another one, in another shape.
  private var sameAs: [Int: Int] = [:]
  /// Broadcasts that nobody has needed yet in memory; all axes but the last are repeated already.
  private var pending: [Int: (operand: Int, axis: MiddleAxis)] = [:]

  init(_ program: Program, foldingProducts: Bool = true) {
    self.program = program
    folding = foldingProducts ? ProductFolding(program) : ProductFolding()
    counts = program.types.map(\.count)
    storage = counts.map { _ in .arena }
    for (index, input) in program.inputs.enumerated() { storage[input.value.index] = .input(index) }
    for (index, instruction) in program.instructions.enumerated() {
      self.instruction = index
      lower(instruction)
    }
    instruction = nil
    for (index, output) in program.outputs.enumerated() { handOut(output.value, as: index) }
  }

  private mutating func lower(_ instruction: Instruction) {
    let operands = instruction.operands, result = instruction.result.index
    let isProduct = if case .matmul = instruction.operation { true } else { false }
    if let home = folding.homes[result], !isProduct { return sameAs[result] = home }
    switch instruction.operation {
    case .splat(let value, _): emit(elementwise(Library.fill(value), result), [], result)
    case .matmul: multiply(instruction)
    case .add: combine(Library.add, operands, commutes: true, result)
    case .subtract: combine(Library.subtract, operands, commutes: false, result)
    case .multiply: combine(Library.multiply, operands, commutes: true, result)
    case .scale(let factor): emit(elementwise(Library.scale(factor), result), operands, result)
    case .offset(let constant): emit(elementwise(Library.offset(constant), result), operands, result)
    case .broadcast(let shape, let axes):
      repeatElements(operands[0], MiddleAxis.repeating(shape: shape, axes: axes), result)
    case .sum(let axes):
      let shape = program.type(of: operands[0]).shape
      sum(operands[0], MiddleAxis.summing(shape: shape, axes: axes), result)
    case .map(let function): emit(elementwise(Library.kernel(for: function), result), operands, result)
    case .reshape: sameAs[result] = inMemory(operands[0])
    case .convolve(let window, let role): convolve(window, role, operands, result)
    case .averagePool(let window, let adjoint):
      let shape = vk_pooling(window, imageCount: counts[adjoint ? result : operands[0].index])
      emit(Call(Library.averagePool(shape, adjoint: adjoint)), operands, result)
    case .maxPool(let window):
      let shape = vk_pooling(window, imageCount: counts[operands[0].index])
      emit(Call(Library.pickMaxima(shape)), operands, result)
    case .pickMaxima(let window, let adjoint):
      let shape = vk_pooling(window, imageCount: counts[operands[0].index])
      emit(Call(Library.pickMaxima(shape, adjoint: adjoint)), operands, result)
    }
  }

  private func elementwise(_ kernel: Kernel, _ result: Int) -> Call {
    Call(kernel, Tiling(count: counts[result]))
  }

  private mutating func multiply(_ instruction: Instruction) {
    let result = instruction.result.index, home = folding.homes[result]
    let product = MatrixProduct(instruction, in: program)
    let folded = product.scaled(by: folding.factors[result] ?? 1, accumulates: home != nil)
    let (kernel, isExchanged) = Library.multiply(folded ?? product)
    let operands = isExchanged ? instruction.operands.reversed() : instruction.operands
    emit(Call(kernel), operands, home ?? result)
    steps[steps.count - 1].product = folded ?? product
  }

  private mutating func convolve(
    _ window: SlidingWindow, _ role: ConvolutionRole, _ operands: [Value], _ result: Int
  ) {
    let made = program.types[result].shape, types = operands.map { program.type(of: $0).shape }
    let shape =
      switch role {
      case .output: vk_convolution(window, input: types[0], weight: types[1])
      case .input: vk_convolution(window, input: made, weight: types[0])
      case .weight: vk_convolution(window, input: types[0], weight: made)
      }
    let scratch = scratch(count: Library.scratchCount(shape))
    emit(Call(unsafe .convolve(Library.convolution(role), shape, scratch: scratch)), operands, result)
  }

  /// The value that is scratch memory, made large enough.
  private mutating func scratch(count: Int) -> Int {
    let value = storage.firstIndex(of: .scratch) ?? addValue(count: 0, in: .scratch)
    counts[value] = max(counts[value], count)
    return value
  }

  /// An operand that is repeated over rows or columns only is read where it is.
  private mutating func combine(
    _ kernels: BinaryKernels, _ operands: [Value], commutes: Bool, _ result: Int
  ) {
    var (left, right) = (resolved(operands[0]), resolved(operands[1]))
    if commutes && pending[left] != nil && pending[right] == nil { swap(&left, &right) }
    if let (operand, axis) = pending[right], let call = kernels.repeating(axis, count: counts[result]) {
      append(call, inMemory(left), inMemory(operand), result)
    } else {
      append(elementwise(unsafe .combine(kernels.plain), result), inMemory(left), inMemory(right), result)
    }
  }

  private mutating func repeatElements(_ operand: Value, _ axes: [MiddleAxis], _ result: Int) {
    guard let last = axes.last else { return sameAs[result] = resolved(operand) }
    let small = apply(Library.broadcast, along: axes.dropLast(), to: operand) {
      $0.outer * $0.extent * $0.inner
    }
    pending[result] = (small, last)
  }

  private mutating func sum(_ operand: Value, _ axes: [MiddleAxis], _ result: Int) {
    guard let last = axes.last else { return sameAs[result] = inMemory(operand) }
    let rest = apply(Library.sum, along: axes.dropLast(), to: operand) { $0.outer * $0.inner }
    append(Library.sum(last), rest, rest, result)
  }

  /// Applies one kernel per axis; `count` says how many elements that gives.
  private mutating func apply(
    _ call: (MiddleAxis) -> Call, along axes: ArraySlice<MiddleAxis>, to operand: Value,
    count: (MiddleAxis) -> Int
  ) -> Int {
    var operand = inMemory(operand)
    for axis in axes {
      let next = addValue(count: count(axis), in: .arena)
      append(call(axis), operand, operand, next)
      operand = next
    }
    return operand
  }

  /// The first output with a value owns its memory; others, and outputs that are inputs, get a copy.
  private mutating func handOut(_ value: Value, as output: Int) {
    let source = inMemory(value)
    if storage[source] == .arena {
      storage[source] = .output(output)
    } else {
      let copy = addValue(count: counts[source], in: .output(output))
      append(Call(Library.copy(count: counts[source])), source, source, copy)
    }
  }

  private mutating func emit(_ call: Call, _ operands: [Value], _ result: Int) {
    let operands = operands.map { inMemory($0) }
    append(call, operands.first ?? result, operands.last ?? result, result)
  }

  private mutating func append(_ call: Call, _ left: Int, _ right: Int, _ result: Int) {
    steps.append(
      Step(
        kernel: call.kernel, left: Operand(value: left), right: Operand(value: right),
        result: Operand(value: result), tiling: call.tiling, instruction: instruction))
  }

  private mutating func addValue(count: Int, in place: Storage) -> Int {
    counts.append(count)
    storage.append(place)
    return counts.count - 1
  }

  private func resolved(_ value: Value) -> Int { sameAs[value.index] ?? value.index }

  private mutating func inMemory(_ value: Value) -> Int { inMemory(resolved(value)) }

  /// The value, after making it if it is a broadcast that was put off.
  private mutating func inMemory(_ value: Int) -> Int {
    if let (operand, axis) = pending.removeValue(forKey: value) {
      append(Library.broadcast(axis), operand, operand, value)
    }
    return value
  }
}
