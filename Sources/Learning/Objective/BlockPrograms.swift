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
}

extension Linearization {
  /// The elements of every residual that `primal` computes, by its output there.
  var residualCounts: [Int: Int] {
    residuals.reduce(into: [:]) { counts, residual in
      if case .output(let source) = residual {
        counts[source] = primal.type(of: primal.outputs[source].value).count
      }
    }
  }

  /// The output of `primal(keeping:)` that is the residual computed as output `source` of `primal`.
  static func residualName(_ source: Int) -> String { "residual.\(source)" }

  /// The primal program with the first `count` of its outputs, which are not residuals, and then the residuals.
  func primal(keeping count: Int) -> Program {
    var builder = ProgramBuilder(name: primal.name)
    let values = builder.inline(primal, inputs: builder.inputs(like: primal))
    for (port, value) in zip(primal.outputs, values).prefix(count) { builder.output(port.name, value) }
    for source in residualCounts.keys.sorted() { builder.output(Self.residualName(source), values[source]) }
    return builder.build()
  }
}
