import LinearAlgebra
import TensorProgram

/// The tensor programs of one objective, for blocks of any number of examples.
///
/// Their inputs are `x [examples, features]`, `y [examples, outputs]` and the parameters by name. The loss is the sum
/// over the block.
struct BlockPrograms {
  let model: any Model
  let loss: Loss
  let features: Int
  let outputs: Int
  let scalar: ScalarKind

  private var parameters: [String] { model.layout.segments.map(\.name) }

  /// Outputs `loss []` and `predictions [examples, outputs]`.
  func loss(examples: Int) -> Program {
    var builder = ProgramBuilder(name: "loss of \(examples) examples")
    let x = builder.input("x", TensorType([examples, features], scalar))
    let y = builder.input("y", TensorType([examples, outputs], scalar))
    let parameters = model.layout.segments.map { builder.input($0.name, TensorType($0.shape, scalar)) }
    let predictions = model.forward(&builder, input: x, parameters: parameters)
    builder.output("loss", loss.appendSum(to: &builder, outputs: predictions, targets: y))
    builder.output("predictions", predictions)
    return builder.build()
  }

  /// Outputs those of `loss`, then the gradients named like the parameters.
  func gradient(examples: Int) -> Program {
    loss(examples: examples).gradient(withRespectTo: parameters)
  }

  /// The number of outputs of `gradient`.
  var gradientOutputs: Int { 2 + parameters.count }

  /// The gradient's derivative: `linear` maps tangents of the parameters to the Hessian's products with them.
  func curvature(examples: Int) -> Linearization {
    loss(examples: examples).hessianProduct(withRespectTo: parameters)
  }

  /// Hessian products, and their derivatives, along directions of the parameters.
  func thirdDerivative(examples: Int) -> ThirdDerivative {
    loss(examples: examples).thirdDerivativeParts(withRespectTo: parameters)
  }
}

extension Program {
  /// The elements of every residual that this program computes, by its output here.
  func counts(of residuals: [Linearization.Residual]) -> [Int: Int] {
    residuals.reduce(into: [:]) { counts, residual in
      if case .output(let source) = residual { counts[source] = type(of: outputs[source].value).count }
    }
  }

  /// The name of the residual that is output number `source`, in what `keeping` makes.
  static func residualName(_ source: Int) -> String { "residual.\(source)" }

  /// The program with the first `count` of its outputs, which are not residuals, and then the residuals.
  func keeping(residuals: [Linearization.Residual], after count: Int) -> Program {
    var builder = ProgramBuilder(name: name)
    let values = builder.inline(self, inputs: builder.inputs(like: self))
    for (port, value) in zip(outputs, values).prefix(count) { builder.output(port.name, value) }
    for source in counts(of: residuals).keys.sorted() {
      builder.output(Self.residualName(source), values[source])
    }
    return builder.build()
  }
}
