import TensorProgram

/// The activations of the builder, by name.
enum Activation: String, CaseIterable, Sendable {
  case tanh, sigmoid, softplus, relu, hardtanh, elu, gelu

  func callAsFunction(_ x: Value, in builder: inout ProgramBuilder) -> Value {
    switch self {
    case .tanh: builder.tanh(x)
    case .sigmoid: builder.sigmoid(x)
    case .softplus: builder.softplus(x)
    case .relu: builder.relu(x)
    case .hardtanh: builder.hardtanh(x)
    case .elu: builder.elu(x)
    case .gelu: builder.gelu(x)
    }
  }
}

/// The losses of the builder, by name.
enum LossFunction: String, CaseIterable, Sendable {
  case squaredError, crossEntropy, logistic

  func callAsFunction(_ prediction: Value, _ target: Value, in builder: inout ProgramBuilder) -> Value {
    switch self {
    case .squaredError: builder.squaredError(prediction, target)
    case .crossEntropy: builder.crossEntropy(logits: prediction, target: target)
    case .logistic: builder.logisticLoss(logits: prediction, target: target)
    }
  }
}

/// A fully-connected network with its loss.
///
/// Inputs are `x`, `y`, then `W1`, `b1`, `W2` ..., outputs `loss`, `prediction`. `widths` starts with the number of features and ends with that of outputs.
func network(
  widths: [Int], examples: Int, activation: Activation = .tanh, loss: LossFunction = .squaredError
) -> (program: Program, parameters: [String]) {
  var builder = ProgramBuilder(name: "network")
  let x = builder.input("x", TensorType([examples, widths[0]], .double))
  let y = builder.input("y", TensorType([examples, widths[widths.count - 1]], .double))
  var hidden = x
  var parameters: [String] = []
  for layer in 1..<widths.count {
    let weight = builder.input("W\(layer)", TensorType([widths[layer], widths[layer - 1]], .double))
    let bias = builder.input("b\(layer)", TensorType([widths[layer]], .double))
    parameters += ["W\(layer)", "b\(layer)"]
    hidden = builder.affine(hidden, weight: weight, bias: bias)
    if layer < widths.count - 1 { hidden = activation(hidden, in: &builder) }
  }
  builder.output("loss", loss(hidden, y, in: &builder))
  builder.output("prediction", hidden)
  return (builder.build(), parameters)
}
