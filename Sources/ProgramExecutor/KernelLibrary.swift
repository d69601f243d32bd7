import CVectorKernels
import LinearAlgebra
import TensorProgram

/// The kernels for one scalar type.
enum KernelLibrary<Scalar: RealScalar> {
  static var kernels: vk_kernels { unsafe Scalar.kernels.pointee }

  static func kernel(for function: ElementwiseFunction) -> Kernel {
    switch function {
    case .tanh: unsafe map(kernels.tanh)
    case .exp: unsafe map(kernels.exp)
    case .log1p: unsafe map(kernels.log1p)
    case .reciprocal: unsafe map(kernels.reciprocal)
    case .expm1: unsafe map(kernels.expm1)
    case .erf: unsafe map(kernels.erf)
    case .sigmoid: unsafe map(kernels.sigmoid)
    case .softplus: unsafe map(kernels.softplus)
    case .clamp(let lower, let upper): unsafe map(kernels.clamp, lower, upper)
    case .within(let lower, let upper): unsafe map(kernels.within, lower, upper)
    }
  }

  static func scale(_ factor: Double) -> Kernel { unsafe map(kernels.scale, factor) }

  static func offset(_ constant: Double) -> Kernel { unsafe map(kernels.offset, constant) }

  static func fill(_ value: Double) -> Kernel {
    unsafe .fill(kernels.fill, value)
  }

  static var add: BinaryKernels {
    unsafe BinaryKernels(
      plain: kernels.add,
      row: kernels.add_row,
      column: kernels.add_column)
  }

  static var subtract: BinaryKernels {
    unsafe BinaryKernels(
      plain: kernels.subtract,
      row: kernels.subtract_row,
      column: kernels.subtract_column)
  }

  static var multiply: BinaryKernels {
    unsafe BinaryKernels(
      plain: kernels.multiply,
      row: kernels.multiply_row,
      column: kernels.multiply_column)
  }

  /// Repeats along an axis.
  static func broadcast(_ axis: MiddleAxis) -> Call {
    let kernel: MiddleAxisKernel = unsafe kernels.broadcast
    let count = axis.outer * axis.extent * axis.inner
    if axis.inner == 1 {
      return Call(
        unsafe .alongRows(kernel), Tiling(count: count, columns: axis.extent, left: .column))
    } else if axis.outer == 1 {
      return Call(unsafe .alongColumns(kernel), Tiling(count: count, columns: axis.inner, left: .row))
    }
    return Call(unsafe .middleAxis(kernel, axis))
  }

  /// Sums along an axis.
  static func sum(_ axis: MiddleAxis) -> Call {
    let kernel: MiddleAxisKernel = unsafe kernels.sum
    let count = axis.outer * axis.extent * axis.inner
    if axis.inner == 1 {
      return Call(
        unsafe .alongRows(kernel), Tiling(count: count, columns: axis.extent, result: .column))
    } else if axis.outer == 1 {
      return Call(unsafe .alongColumns(kernel), Tiling(count: count, columns: axis.inner, result: .row))
    }
    return Call(unsafe .middleAxis(kernel, axis))
  }

  /// The same as the sum over columns, tile by tile.
  static var accumulateRows: Kernel {
    unsafe .accumulateRows(
      kernels.accumulate_rows,
      kernels.round)
  }

  /// What multiplies, with operands that have changed places where our own loops want them so.
  static func multiply(_ product: MatrixProduct) -> (kernel: Kernel, isExchanged: Bool) {
    if let loops = product.loops(Scalar.self) {
      return unsafe (.multiplyByLoops(loops.kernel, loops.shape), loops.isExchanged)
    }
    return (Scalar.choose(float: .multiplySingle(product), double: .multiplyDouble(product)), false)
  }

  static func copy(count: Int) -> Kernel { .copy(byteCount: count * MemoryLayout<Scalar>.stride) }

  private static func map(
    _ kernel: @escaping MapKernel, _ first: Double = 0, _ second: Double = 0
  ) -> Kernel {
    unsafe .map(kernel, first, second)
  }
}

/// A kernel, and how it runs over tiles; nil where it cannot.
@safe struct Call {
  var kernel: Kernel
  var tiling: Tiling?

  init(_ kernel: Kernel, _ tiling: Tiling? = nil) {
    self.kernel = kernel
    self.tiling = tiling
  }
}

/// One operation on two operands, of which the right one has as many elements as the left, or is repeated
/// over its rows, or over its columns.
@safe struct BinaryKernels {
  var plain: BinaryKernel
  var row: RepeatedKernel
  var column: RepeatedKernel

  /// The operation with a right operand that is repeated along an axis; nil where that has no kernel.
  func repeating(_ axis: MiddleAxis, count: Int) -> Call? {
    switch (axis.outer, axis.inner) {
    case (1, 1): Call(unsafe .combineScalar(column), Tiling(count: count, right: .scalar))
    case (_, 1):
      Call(unsafe .combineRepeated(column), Tiling(count: count, columns: axis.extent, right: .column))
    case (1, _): Call(unsafe .combineRepeated(row), Tiling(count: count, columns: axis.inner, right: .row))
    default: nil
    }
  }
}
