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

/// Translates a program to steps.
///
/// Values keep their numbers; those of intermediate results follow. A broadcast makes no step where its user
/// can repeat the elements itself.
struct Lowering<Scalar: RealScalar> {
  private typealias Library = KernelLibrary<Scalar>

  private let program: Program
  private(set) var steps: [Step] = []
  /// The number of elements of every value.
  private(set) var counts: [Int]
  /// Where every value lives.
  private(set) var storage: [Storage]
  /// Values that are the same elements as another one, in another shape.
  private var sameAs: [Int: Int] = [:]
  /// Broadcasts that nobody has needed yet in memory.
  private var pending: [Int: (operand: Int, axes: [MiddleAxis])] = [:]

  init(_ program: Program) {
    self.program = program
    counts = program.types.map(\.count)
    storage = counts.map { _ in .arena }
    for (index, input) in program.inputs.enumerated() { storage[input.value.index] = .input(index) }
    for instruction in program.instructions { lower(instruction) }
    for (index, output) in program.outputs.enumerated() { handOut(output.value, as: index) }
  }

  private mutating func lower(_ instruction: Instruction) {
    let operands = instruction.operands, result = instruction.result.index
    switch instruction.operation {
    case .splat(let value, _): emit(Library.fill(value), [], result)
    case .matmul(let left, let right):
      multiply(operands, transposeLeft: left, transposeRight: right, result)
    case .add: combine(Library.add, operands, commutes: true, result)
    case .subtract: combine(Library.subtract, operands, commutes: false, result)
    case .multiply: combine(Library.multiply, operands, commutes: true, result)
    case .scale(let factor): emit(Library.scale(factor), operands, result)
    case .offset(let constant): emit(Library.offset(constant), operands, result)
    case .broadcast(let shape, let axes):
      repeatElements(operands[0], MiddleAxis.repeating(shape: shape, axes: axes), result)
    case .sum(let axes):
      let shape = program.type(of: operands[0]).shape
      chain(MiddleAxis.summing(shape: shape, axes: axes), of: inMemory(operands[0]), Library.sum, result)
    case .map(let function): emit(Library.kernel(for: function), operands, result)
    case .logSumExp:
      let columns = program.type(of: operands[0]).shape.last ?? 1
      emit(Library.logSumExp(rows: counts[result], columns: columns), operands, result)
    case .reshape: sameAs[result] = inMemory(operands[0])
    case .convolve(let window, let role): convolve(window, role, operands, result)
    case .averagePool(let window, let adjoint):
      let imageCount = counts[adjoint ? result : operands[0].index]
      emit(
        Library.averagePool(vk_pooling(window, imageCount: imageCount), adjoint: adjoint), operands, result)
    case .maxPool(let window):
      emit(Library.pickMaxima(vk_pooling(window, imageCount: counts[operands[0].index])), operands, result)
    case .pickMaxima(let window, let adjoint):
      let shape = vk_pooling(window, imageCount: counts[operands[0].index])
      emit(Library.pickMaxima(shape, adjoint: adjoint), operands, result)
    }
  }

  private mutating func multiply(
    _ operands: [Value], transposeLeft: Bool, transposeRight: Bool, _ result: Int
  ) {
    let left = program.type(of: operands[0]).shape, right = program.type(of: operands[1]).shape
    let product = MatrixProduct(
      rows: left[transposeLeft ? 1 : 0], columns: right[transposeRight ? 0 : 1],
      depth: left[transposeLeft ? 0 : 1], transposeLeft: transposeLeft, transposeRight: transposeRight)
    emit(Library.multiply(product), operands, result)
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
    emit(unsafe .convolve(Library.convolution(role), shape, scratch: scratch), operands, result)
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
    guard let (operand, axes) = pending[right], axes.count == 1, axes[0].outer == 1 || axes[0].inner == 1
    else {
      return append(unsafe .combine(kernels.plain), inMemory(left), inMemory(right), result)
    }
    let axis = axes[0], rowsAreEqual = axis.outer == 1 && axis.inner > 1
    let kernel = unsafe rowsAreEqual ? kernels.row : kernels.column
    let rows = rowsAreEqual ? axis.extent : axis.outer
    append(
      unsafe .combineRepeated(kernel, rows: rows, columns: counts[result] / rows), inMemory(left),
      inMemory(operand), result)
  }

  private mutating func repeatElements(_ operand: Value, _ axes: [MiddleAxis], _ result: Int) {
    if axes.isEmpty {
      sameAs[result] = resolved(operand)
    } else {
      pending[result] = (inMemory(operand), axes)
    }
  }

  /// Applies one kernel per axis, the last of which makes `result`.
  private mutating func chain(
    _ axes: [MiddleAxis], of operand: Int, _ kernel: (MiddleAxis) -> Kernel, _ result: Int
  ) {
    guard let last = axes.last else { return sameAs[result] = operand }
    var operand = operand
    for axis in axes.dropLast() {
      // A sum shrinks and a broadcast grows by the extent.
      let total = counts[operand]
      let count = counts[operand] < counts[result] ? total * axis.extent : total / axis.extent
      let next = addValue(count: count, in: .arena)
      append(kernel(axis), operand, operand, next)
      operand = next
    }
    append(kernel(last), operand, operand, result)
  }

  /// The first output with a value owns its memory; others, and outputs that are inputs, get a copy.
  private mutating func handOut(_ value: Value, as output: Int) {
    let source = inMemory(value)
    if storage[source] == .arena {
      storage[source] = .output(output)
    } else {
      let copy = addValue(count: counts[source], in: .output(output))
      append(Library.copy(count: counts[source]), source, source, copy)
    }
  }

  private mutating func emit(_ kernel: Kernel, _ operands: [Value], _ result: Int) {
    let operands = operands.map { inMemory($0) }
    append(kernel, operands.first ?? result, operands.last ?? result, result)
  }

  private mutating func append(_ kernel: Kernel, _ left: Int, _ right: Int, _ result: Int) {
    steps.append(Step(kernel: kernel, left: left, right: right, result: result, count: counts[result]))
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
    if let (operand, axes) = pending.removeValue(forKey: value) {
      chain(axes, of: operand, Library.broadcast, value)
    }
    return value
  }
}
