import CVectorKernels
import LinearAlgebra

/// One kernel call: what is done, to which values, with the result going to which value.
///
/// Plain data, so that the loop over steps neither counts references nor allocates. Values are numbers into a
/// table of addresses.
@safe struct Step {
  /// What is done.
  var kernel: Kernel
  /// The first operand; meaningless for `fill`.
  var left: Int
  /// The second operand, equal to the first where there is only one.
  var right: Int
  /// The value that is written.
  var result: Int
  /// The number of elements of the result.
  var count: Int
}

/// The ways to make one array of others.
@safe enum Kernel {
  /// `f(x)` with two constants.
  case map(MapKernel, Double, Double)
  /// `x op y`.
  case combine(BinaryKernel)
  /// `x op y` with the elements of `y` repeated over rows or columns of `x`.
  case combineRepeated(RepeatedKernel, rows: Int, columns: Int)
  /// Repeats or sums over the middle axis.
  case middleAxis(MiddleAxisKernel, MiddleAxis)
  case logSumExp(RowsKernel, rows: Int, columns: Int)
  case fill(FillKernel, Double)
  case multiplySingle(MatrixProduct)
  case multiplyDouble(MatrixProduct)
  /// Makes one of the three tensors of a convolution; `scratch` is the value to work in.
  case convolve(ConvolutionKernel, vk_convolution, scratch: Int)
  case pool(PoolingKernel, vk_pooling)
  case pickMaxima(MaximaKernel, vk_pooling)
  case copy(byteCount: Int)

  /// Whether the result may take the place of an operand of equal size.
  var worksInPlace: Bool {
    switch self {
    case .map, .combine, .combineRepeated: true
    default: false
    }
  }
}

/// Left, right, result, rows, columns.
typealias RepeatedKernel =
  @convention(c) (
    UnsafeRawPointer, UnsafeRawPointer, UnsafeMutableRawPointer, Int, Int
  ) -> Void

/// Operand, result, and the extents outside, of, and inside the middle axis.
typealias MiddleAxisKernel = @convention(c) (UnsafeRawPointer, UnsafeMutableRawPointer, Int, Int, Int) -> Void

/// Operand, result, rows, columns.
typealias RowsKernel = @convention(c) (UnsafeRawPointer, UnsafeMutableRawPointer, Int, Int) -> Void

/// Value, result, count.
typealias FillKernel = @convention(c) (Double, UnsafeMutableRawPointer, Int) -> Void

extension Step {
  /// Calls the kernel on the memory of its values.
  @inline(__always)
  func run(_ addresses: UnsafePointer<UnsafeMutableRawPointer>) {
    let result = unsafe addresses[result]
    let left = unsafe addresses[left]
    let right = unsafe addresses[right]
    switch kernel {
    case .map(let kernel, let first, let second): unsafe kernel(left, result, first, second, count)
    case .combine(let kernel): unsafe kernel(left, right, result, count)
    case .combineRepeated(let kernel, let rows, let columns):
      unsafe kernel(left, right, result, rows, columns)
    case .middleAxis(let kernel, let axis): unsafe kernel(left, result, axis.outer, axis.extent, axis.inner)
    case .logSumExp(let kernel, let rows, let columns): unsafe kernel(left, result, rows, columns)
    case .fill(let kernel, let value): unsafe kernel(value, result, count)
    case .multiplySingle(let product): unsafe product.multiplySingle(left, right, result)
    case .multiplyDouble(let product): unsafe product.multiplyDouble(left, right, result)
    case .convolve(let kernel, let shape, let scratch):
      unsafe withUnsafePointer(to: shape) { unsafe kernel($0, left, right, result, addresses[scratch]) }
    case .pool(let kernel, let shape):
      unsafe withUnsafePointer(to: shape) { unsafe kernel($0, left, result) }
    case .pickMaxima(let kernel, let shape):
      unsafe withUnsafePointer(to: shape) { unsafe kernel($0, left, right, result) }
    case .copy(let byteCount): unsafe result.copyMemory(from: left, byteCount: byteCount)
    }
  }
}
