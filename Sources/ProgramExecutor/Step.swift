import CVectorKernels
import LinearAlgebra

/// One kernel call: what is done, to which values, with the result going to which value.
///
/// Plain data, so that the loop over steps neither counts references nor allocates.
@safe struct Step {
  /// What is done.
  var kernel: Kernel
  /// The first operand; meaningless for `fill`.
  var left: Operand
  /// The second operand, equal to the first where there is only one.
  var right: Operand
  /// What is written.
  var result: Operand
  /// How the step runs over tiles; nil where it cannot.
  var tiling: Tiling?
  /// The instruction of the program that it belongs to; nil for copies.
  var instruction: Int?
  /// The matrix product that the step is; nil for others.
  var product: MatrixProduct?

  /// The values read and written.
  var values: [Int] { [left.value, right.value, result.value] }
}

/// A value, and how many bytes to go on in it for every row and column at which a tile begins.
///
/// Values are numbers into a table of addresses. Both strides are 0 where a value is no longer than a tile.
struct Operand {
  var value: Int
  var rowStride = 0
  var columnStride = 0
}

/// The ways to make one array of others.
@safe enum Kernel {
  // Over the elements of a tile.

  /// `f(x)` with two constants.
  case map(MapKernel, Double, Double)
  /// `x op y`.
  case combine(BinaryKernel)
  /// `x op y` with the elements of `y` repeated over rows or columns of `x`.
  case combineRepeated(RepeatedKernel)
  /// `x op y` with a single number `y`.
  case combineScalar(RepeatedKernel)
  case fill(FillKernel, Double)
  /// Repeats or sums every row by itself.
  case alongRows(MiddleAxisKernel)
  /// Repeats or sums every column by itself.
  case alongColumns(MiddleAxisKernel)
  /// Sums every column by itself, over all tiles, in the second operand.
  case accumulateRows(AccumulationKernel, RoundingKernel)

  // Of whole values.

  /// Repeats or sums over the middle axis.
  case middleAxis(MiddleAxisKernel, MiddleAxis)
  case multiplyByLoops(MatrixProduct.Loops.Kernel, vk_product)
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
    case .map, .combine, .combineRepeated, .combineScalar: true
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

/// Operand, sums in double, rows, columns.
typealias AccumulationKernel =
  @convention(c) (UnsafeRawPointer, UnsafeMutablePointer<Double>, Int, Int) -> Void

/// Numbers in double, result, count.
typealias RoundingKernel = @convention(c) (UnsafePointer<Double>, UnsafeMutableRawPointer, Int) -> Void

/// Value, result, count.
typealias FillKernel = @convention(c) (Double, UnsafeMutableRawPointer, Int) -> Void

extension Operand {
  @inline(__always)
  func address(
    in addresses: UnsafePointer<UnsafeMutableRawPointer>, _ tile: Tile
  ) -> UnsafeMutableRawPointer {
    unsafe addresses[value] + (tile.row &* rowStride &+ tile.column &* columnStride)
  }
}

extension Step {
  /// Calls the kernel on the memory of its values, as far as it belongs to a tile.
  @inline(__always)
  func run(_ addresses: UnsafePointer<UnsafeMutableRawPointer>, _ tile: Tile) {
    let result = unsafe result.address(in: addresses, tile)
    let left = unsafe left.address(in: addresses, tile)
    let right = unsafe right.address(in: addresses, tile)
    let (rows, columns) = (tile.rows, tile.columns)
    switch kernel {
    case .map(let kernel, let first, let second): unsafe kernel(left, result, first, second, tile.count)
    case .combine(let kernel): unsafe kernel(left, right, result, tile.count)
    case .combineRepeated(let kernel): unsafe kernel(left, right, result, rows, columns)
    case .combineScalar(let kernel): unsafe kernel(left, right, result, 1, tile.count)
    case .fill(let kernel, let value): unsafe kernel(value, result, tile.count)
    case .alongRows(let kernel): unsafe kernel(left, result, rows, columns, 1)
    case .alongColumns(let kernel): unsafe kernel(left, result, 1, rows, columns)
    case .accumulateRows(let accumulate, let round):
      let sums = unsafe right.assumingMemoryBound(to: Double.self)
      if tile.isFirst { unsafe sums.update(repeating: 0, count: columns) }
      unsafe accumulate(left, sums, rows, columns)
      if tile.isLast { unsafe round(sums, result, columns) }
    case .middleAxis(let kernel, let axis): unsafe kernel(left, result, axis.outer, axis.extent, axis.inner)
    case .multiplyByLoops(let kernel, let shape):
      unsafe withUnsafePointer(to: shape) { unsafe kernel($0, left, right, result) }
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
