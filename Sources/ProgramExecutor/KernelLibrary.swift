import CVectorKernels
import LinearAlgebra
import TensorProgram

/// The kernels for one scalar type.
enum KernelLibrary<Scalar: RealScalar> {
  static func kernel(for function: ElementwiseFunction) -> Kernel {
    switch function {
    case .tanh: unsafe map(vk_tanh_f, vk_tanh_d)
    case .exp: unsafe map(vk_exp_f, vk_exp_d)
    case .log1p: unsafe map(vk_log1p_f, vk_log1p_d)
    case .reciprocal: unsafe map(vk_reciprocal_f, vk_reciprocal_d)
    case .expm1: unsafe map(vk_expm1_f, vk_expm1_d)
    case .erf: unsafe map(vk_erf_f, vk_erf_d)
    case .sigmoid: unsafe map(vk_sigmoid_f, vk_sigmoid_d)
    case .softplus: unsafe map(vk_softplus_f, vk_softplus_d)
    case .clamp(let lower, let upper): unsafe map(vk_clamp_f, vk_clamp_d, lower, upper)
    case .within(let lower, let upper): unsafe map(vk_within_f, vk_within_d, lower, upper)
    }
  }

  static func scale(_ factor: Double) -> Kernel { unsafe map(vk_scale_f, vk_scale_d, factor) }

  static func offset(_ constant: Double) -> Kernel { unsafe map(vk_offset_f, vk_offset_d, constant) }

  static func fill(_ value: Double) -> Kernel {
    unsafe .fill(Scalar.choose(float: vk_fill_f, double: vk_fill_d), value)
  }

  static var add: BinaryKernels {
    unsafe BinaryKernels(
      plain: Scalar.choose(float: vk_add_f, double: vk_add_d),
      row: Scalar.choose(float: vk_add_row_f, double: vk_add_row_d),
      column: Scalar.choose(float: vk_add_column_f, double: vk_add_column_d))
  }

  static var subtract: BinaryKernels {
    unsafe BinaryKernels(
      plain: Scalar.choose(float: vk_subtract_f, double: vk_subtract_d),
      row: Scalar.choose(float: vk_subtract_row_f, double: vk_subtract_row_d),
      column: Scalar.choose(float: vk_subtract_column_f, double: vk_subtract_column_d))
  }

  static var multiply: BinaryKernels {
    unsafe BinaryKernels(
      plain: Scalar.choose(float: vk_multiply_f, double: vk_multiply_d),
      row: Scalar.choose(float: vk_multiply_row_f, double: vk_multiply_row_d),
      column: Scalar.choose(float: vk_multiply_column_f, double: vk_multiply_column_d))
  }

  /// Repeats along an axis.
  static func broadcast(_ axis: MiddleAxis) -> Call {
    let kernel: MiddleAxisKernel = unsafe Scalar.choose(float: vk_broadcast_f, double: vk_broadcast_d)
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
    let kernel: MiddleAxisKernel = unsafe Scalar.choose(float: vk_sum_f, double: vk_sum_d)
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
      Scalar.choose(float: vk_accumulate_rows_f, double: vk_accumulate_rows_d),
      Scalar.choose(float: vk_round_f, double: vk_round_d))
  }

  static func multiply(_ product: MatrixProduct) -> Kernel {
    Scalar.choose(float: .multiplySingle(product), double: .multiplyDouble(product))
  }

  static func copy(count: Int) -> Kernel { .copy(byteCount: count * MemoryLayout<Scalar>.stride) }

  private static func map(
    _ float: @escaping MapKernel, _ double: @escaping MapKernel, _ first: Double = 0, _ second: Double = 0
  ) -> Kernel {
    unsafe .map(Scalar.choose(float: float, double: double), first, second)
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
