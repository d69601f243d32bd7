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
    case .output: unsafe kernels.convolve_output
    case .input: unsafe kernels.convolve_input
    case .weight: unsafe kernels.convolve_weight
    }
  }

  /// The number of elements of scratch memory that a convolution needs.
  static func scratchCount(_ shape: vk_convolution) -> Int {
    let bytes = unsafe withUnsafePointer(to: shape) { unsafe kernels.convolve_scratch($0) }
    return (bytes + MemoryLayout<Scalar>.stride - 1) / MemoryLayout<Scalar>.stride
  }

  static func averagePool(_ shape: vk_pooling, adjoint: Bool) -> Kernel {
    unsafe adjoint
      ? .pool(kernels.average_spread, shape)
      : .pool(kernels.average_pool, shape)
  }

  static func pickMaxima(_ shape: vk_pooling, adjoint: Bool = false) -> Kernel {
    unsafe adjoint
      ? .pickMaxima(kernels.scatter_to_maxima, shape)
      : .pickMaxima(kernels.pick_maxima, shape)
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
