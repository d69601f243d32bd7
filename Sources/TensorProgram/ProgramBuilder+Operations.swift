// One method per operation, so that programs read as formulas.

extension ProgramBuilder {
  /// A tensor whose elements are all `constant`.
  public mutating func splat(_ constant: Double, _ type: TensorType) -> Value {
    append(.splat(constant, type), [])
  }

  /// The matrix product; a flag says that the operand is stored transposed.
  public mutating func matmul(
    _ left: Value, _ right: Value, transposeLeft: Bool = false, transposeRight: Bool = false
  ) -> Value {
    append(.matmul(transposeLeft: transposeLeft, transposeRight: transposeRight), [left, right])
  }

  /// `a + b`, elementwise.
  public mutating func add(_ a: Value, _ b: Value) -> Value { append(.add, [a, b]) }

  /// `a - b`, elementwise.
  public mutating func subtract(_ a: Value, _ b: Value) -> Value { append(.subtract, [a, b]) }

  /// `a * b`, elementwise.
  public mutating func multiply(_ a: Value, _ b: Value) -> Value { append(.multiply, [a, b]) }

  /// `factor * a`.
  public mutating func scale(_ a: Value, by factor: Double) -> Value { append(.scale(factor), [a]) }

  /// `a + constant`.
  public mutating func offset(_ a: Value, by constant: Double) -> Value { append(.offset(constant), [a]) }

  /// Repeats `a` to `shape`: axis `i` of `a` becomes axis `axes[i]`.
  public mutating func broadcast(_ a: Value, to shape: [Int], axes: [Int]) -> Value {
    append(.broadcast(shape: shape, axes: axes), [a])
  }

  /// The sum over `axes`, or over all.
  public mutating func sum(_ a: Value, axes: [Int]? = nil) -> Value {
    append(.sum(axes: axes ?? Array(type(of: a).shape.indices)), [a])
  }

  /// An elementwise function.
  public mutating func map(_ function: ElementwiseFunction, _ a: Value) -> Value {
    append(.map(function), [a])
  }

  /// The same elements in another shape.
  public mutating func reshape(_ a: Value, to shape: [Int]) -> Value { append(.reshape(shape), [a]) }

  /// Convolution (without flipping, as in PyTorch) of `a [n, c, h, w]` with `weight [o, c, kh, kw]`, with zeros
  /// around the images: `[n, o, h', w']`.
  public mutating func conv2d(_ a: Value, weight: Value, stride: Int = 1, padding: Int = 0) -> Value {
    let (images, kernels) = (type(of: a).shape, type(of: weight).shape)
    let window = SlidingWindow(
      height: images[2], width: images[3], windowHeight: kernels[2], windowWidth: kernels[3], stride: stride,
      padding: padding)
    return append(.convolve(window, .output), [a, weight])
  }

  /// The mean in squares of `window x window` pixels, `stride` apart: `[..., h, w] -> [..., h', w']`.
  public mutating func averagePool(_ a: Value, window: Int, stride: Int) -> Value {
    append(.averagePool(square(window, stride, over: a), adjoint: false), [a])
  }

  /// The largest element in squares of `window x window` pixels, `stride` apart: `[..., h, w] -> [..., h', w']`.
  public mutating func maxPool(_ a: Value, window: Int, stride: Int) -> Value {
    append(.maxPool(square(window, stride, over: a)), [a])
  }

  /// 1 at the first largest element of every row of `a [n, k]`, else 0; its derivative is 0.
  mutating func markLargest(_ a: Value) -> Value {
    let type = type(of: a)
    let row = SlidingWindow(
      height: type.shape[0], width: type.shape[1], windowHeight: 1, windowWidth: type.shape[1])
    let ones = splat(1, TensorType([type.shape[0], 1], type.scalar))
    return append(.pickMaxima(row, adjoint: true), [a, ones])
  }

  private func square(_ window: Int, _ stride: Int, over a: Value) -> SlidingWindow {
    let shape = type(of: a).shape
    return SlidingWindow(
      height: shape[shape.count - 2], width: shape[shape.count - 1], windowHeight: window,
      windowWidth: window, stride: stride)
  }
}
