import CVectorKernels
import LinearAlgebra
import TensorProgram

/// Shape, two operands, result, scratch memory.
typealias ConvolutionKernel =
  @convention(c) (
    UnsafePointer<vk_convolution>, UnsafeRawPointer, UnsafeRawPointer, UnsafeMutableRawPointer,
    UnsafeMutableRawPointer
  ) -> Void

/// Shape, operand, result.
typealias PoolingKernel =
  @convention(c) (UnsafePointer<vk_pooling>, UnsafeRawPointer, UnsafeMutableRawPointer) -> Void

/// Shape, where the maxima are looked for, what is picked or put there, result.
typealias MaximaKernel =
  @convention(c) (
    UnsafePointer<vk_pooling>, UnsafeRawPointer, UnsafeRawPointer, UnsafeMutableRawPointer
  ) -> Void

extension KernelLibrary {
  /// The kernel that makes one of the three tensors of a convolution.
  static func convolution(_ role: ConvolutionRole) -> ConvolutionKernel {
    switch role {
    case .output: unsafe Scalar.choose(float: vk_convolve_output_f, double: vk_convolve_output_d)
    case .input: unsafe Scalar.choose(float: vk_convolve_input_f, double: vk_convolve_input_d)
    case .weight: unsafe Scalar.choose(float: vk_convolve_weight_f, double: vk_convolve_weight_d)
    }
  }

  /// The number of elements of scratch memory that a convolution needs.
  static func scratchCount(_ shape: vk_convolution) -> Int {
    let byteCount: @convention(c) (UnsafePointer<vk_convolution>) -> Int =
      unsafe Scalar.choose(float: vk_convolve_scratch_f, double: vk_convolve_scratch_d)
    let bytes = unsafe withUnsafePointer(to: shape) { unsafe byteCount($0) }
    return (bytes + MemoryLayout<Scalar>.stride - 1) / MemoryLayout<Scalar>.stride
  }

  static func averagePool(_ shape: vk_pooling, adjoint: Bool) -> Kernel {
    unsafe adjoint
      ? .pool(Scalar.choose(float: vk_average_spread_f, double: vk_average_spread_d), shape)
      : .pool(Scalar.choose(float: vk_average_pool_f, double: vk_average_pool_d), shape)
  }

  static func pickMaxima(_ shape: vk_pooling, adjoint: Bool = false) -> Kernel {
    unsafe adjoint
      ? .pickMaxima(Scalar.choose(float: vk_scatter_to_maxima_f, double: vk_scatter_to_maxima_d), shape)
      : .pickMaxima(Scalar.choose(float: vk_pick_maxima_f, double: vk_pick_maxima_d), shape)
  }
}

extension vk_convolution {
  /// The shape of a convolution from those of its three tensors.
  init(_ window: SlidingWindow, input: [Int], weight: [Int]) {
    self.init(
      examples: input[0], inputs: input[1], outputs: weight[0], height: window.height, width: window.width,
      window_height: window.windowHeight, window_width: window.windowWidth, stride: window.stride,
      padding: window.padding, output_height: window.outputHeight, output_width: window.outputWidth)
  }
}

extension vk_pooling {
  /// The shape of a pooling over an image of so many elements.
  init(_ window: SlidingWindow, imageCount: Int) {
    self.init(
      planes: imageCount / (window.height * window.width), height: window.height, width: window.width,
      window_height: window.windowHeight, window_width: window.windowWidth, stride: window.stride,
      output_height: window.outputHeight, output_width: window.outputWidth)
  }
}
