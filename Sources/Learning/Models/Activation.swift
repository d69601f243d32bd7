import TensorProgram

/// The elementwise function after a hidden layer.
public enum Activation: String, Sendable, Hashable, CaseIterable {
  case tanh
  case relu
  /// `x` above 0, `exp(x) - 1` below.
  case elu
  /// `x (1 + erf(x / sqrt 2)) / 2`, the exact form.
  case gelu
  /// `x` clamped to [-1, 1].
  case hardtanh
  /// `log(1 + exp(x))`.
  case softplus
  case sigmoid
  case identity
}

extension Activation {
  /// Whether every derivative is continuous, so that third derivatives of the loss say how its Hessian changes.
  public var isSmooth: Bool {
    switch self {
    case .tanh, .gelu, .softplus, .sigmoid, .identity: true
    case .relu, .elu, .hardtanh: false
    }
  }

  /// Appends the function of `x`, elementwise.
  func append(to builder: inout ProgramBuilder, _ x: Value) -> Value {
    switch self {
    case .tanh: builder.tanh(x)
    case .relu: builder.relu(x)
    case .elu: builder.elu(x)
    case .gelu: builder.gelu(x)
    case .hardtanh: builder.hardtanh(x)
    case .softplus: builder.softplus(x)
    case .sigmoid: builder.sigmoid(x)
    case .identity: x
    }
  }
}
