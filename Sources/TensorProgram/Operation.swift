/// What an instruction does, with everything but its operands.
///
/// The set is closed under differentiation: the linearisation of every operation, and its transpose, are
/// programs over these operations. The rules of each stand together in one file of `Operations/`.
public enum Operation: Hashable, Sendable {
  /// `splat() -> T`: every element of the result is one constant.
  case splat(Double, TensorType)
  /// `a [m, k], b [k, n] -> [m, n]`; with a flag set the operand is stored transposed.
  case matmul(transposeLeft: Bool, transposeRight: Bool)
  /// Elementwise `a + b`, equal shapes.
  case add
  /// Elementwise `a - b`, equal shapes.
  case subtract
  /// Elementwise `a * b`, equal shapes.
  case multiply
  /// `c * a` for a constant `c`.
  case scale(Double)
  /// `a + c` for a constant `c`.
  case offset(Double)
  /// Repeats `a` to a larger shape: axis `i` of the operand becomes axis `axes[i]` of the result.
  /// `axes` is strictly increasing.
  case broadcast(shape: [Int], axes: [Int])
  /// Sums over the given axes (strictly increasing), which disappear from the shape.
  case sum(axes: [Int])
  /// An elementwise function.
  case map(ElementwiseFunction)
  /// The same elements, row-major, in another shape.
  case reshape([Int])
  /// Convolution, or one of its two adjoints, by what it makes of the other two, in the order of the roles:
  /// `input [n, c, h, w]`, `weight [o, c, kh, kw]`, `output [n, o, h', w']`.
  case convolve(SlidingWindow, ConvolutionRole)
  /// The mean in every position of a window over the last two axes; the adjoint spreads it back.
  case averagePool(SlidingWindow, adjoint: Bool)
  /// The largest element in every position of a window over the last two axes.
  case maxPool(SlidingWindow)
  /// `a [..., h, w], b`: the elements of `b` where `a` is largest in every position of a window; the adjoint puts
  /// the elements of `b [..., h', w']` there.
  case pickMaxima(SlidingWindow, adjoint: Bool)
}

/// The three tensors that a convolution relates.
public enum ConvolutionRole: String, Hashable, Sendable, CaseIterable {
  case input
  case weight
  case output
}

/// An elementwise function of one operand.
///
/// Activations are built of these: `relu = clamp(0, inf)`, `hardtanh = clamp(-1, 1)`,
/// `gelu = x (1 + erf(x / sqrt 2)) / 2`, `elu = (x - m) + expm1(m)` with `m = clamp(-inf, 0)`.
public enum ElementwiseFunction: Hashable, Sendable {
  case tanh
  case exp
  /// `log(1 + x)`, accurate near 0.
  case log1p
  /// `1 / x`.
  case reciprocal
  /// `exp(x) - 1`, accurate near 0.
  case expm1
  /// The error function `2/sqrt(pi) * integral of exp(-t^2) from 0 to x`.
  case erf
  /// `1 / (1 + exp(-x))`.
  case sigmoid
  /// `log(1 + exp(x))`, without overflow.
  case softplus
  /// `min(max(x, lower), upper)`; bounds may be infinite.
  case clamp(lower: Double, upper: Double)
  /// 1 where `lower < x < upper`, else 0: the derivative of `clamp`.
  case within(lower: Double, upper: Double)
}
