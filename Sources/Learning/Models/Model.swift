public import LinearAlgebra
public import TensorProgram

/// A network: its parameters, their initial values, and its outputs as a tensor program.
public protocol Model: Sendable {
  /// The parameters in the flat vector of weights.
  var layout: ParameterLayout { get }

  /// Weights as the model's initialisation draws them: a pure function of the seed.
  func initialWeights<Scalar: RealScalar>(seed: UInt64, as scalar: Scalar.Type) -> Vector<Scalar>

  /// Multiplications of a forward pass, per example.
  var multiplications: Int { get }

  /// Appends the outputs `[examples, outputs]` for an input `[examples, features]`, given one value per segment of
  /// the layout.
  func forward(_ builder: inout ProgramBuilder, input: Value, parameters: [Value]) -> Value
}

/// A network that is a stack of layers.
protocol LayeredModel: Model {
  var stack: LayerStack { get }
}

extension LayeredModel {
  var layout: ParameterLayout { stack.layout }

  func initialWeights<Scalar: RealScalar>(seed: UInt64, as scalar: Scalar.Type) -> Vector<Scalar> {
    stack.initialWeights(seed: seed, as: scalar)
  }
}
