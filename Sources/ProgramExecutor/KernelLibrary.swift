import CVectorKernels
import LinearAlgebra
import TensorProgram

/// The kernels for one scalar type.
enum KernelLibrary<Scalar: RealScalar> {
  static func kernel(for function: ElementwiseFunction) -> Kernel {
    switch function {
    case .tanh: unsafe map(vk_tanh_f, vk_tanh_d)
    case .exp: unsafe map(vk_exp_f, vk_exp_d)
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

  static func broadcast(_ axis: MiddleAxis) -> Kernel {
    unsafe .middleAxis(Scalar.choose(float: vk_broadcast_f, double: vk_broadcast_d), axis)
  }

  static func sum(_ axis: MiddleAxis) -> Kernel {
    unsafe .middleAxis(Scalar.choose(float: vk_sum_f, double: vk_sum_d), axis)
  }

  static func logSumExp(rows: Int, columns: Int) -> Kernel {
    let kernel: RowsKernel = unsafe Scalar.choose(float: vk_log_sum_exp_f, double: vk_log_sum_exp_d)
    return unsafe .logSumExp(kernel, rows: rows, columns: columns)
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

/// One operation on two operands, of which the right one has as many elements as the left, or is repeated
/// over its rows, or over its columns.
@safe struct BinaryKernels {
  var plain: BinaryKernel
  var row: RepeatedKernel
  var column: RepeatedKernel
}
