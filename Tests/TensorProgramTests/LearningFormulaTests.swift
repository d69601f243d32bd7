import TensorProgram
import Testing

/// Values of the activations and losses, in closed form.
@Suite struct LearningFormulaTests {
  /// `Phi(1) = 0.8413447460685429`, the normal distribution function.
  @Test(
    arguments: [
      (.tanh, 0.5, 0.4621171572600097), (.sigmoid, 1.0986122886681098, 0.75),
      (.softplus, 1.0986122886681098, 1.3862943611198906), (.relu, -2, 0), (.relu, 3, 3),
      (.hardtanh, -2, -1), (.hardtanh, 0.25, 0.25), (.hardtanh, 3, 1), (.elu, 2, 2),
      (.elu, -1, -0.6321205588285577), (.elu, -1e-9, -9.999999995e-10), (.gelu, 0, 0),
      (.gelu, 1, 0.8413447460685429), (.gelu, -2, -2 * 0.02275013194817921),
    ] as [(Activation, Double, Double)])
  func activations(activation: Activation, x: Double, expected: Double) {
    var builder = ProgramBuilder(name: activation.rawValue)
    let input = builder.input("x", TensorType([1], .double))
    builder.output("y", activation(input, in: &builder))
    let value = builder.build().evaluate([[x]])[0][0]
    #expect(abs(value - expected) <= 1e-14 * abs(expected))
  }

  /// Residuals 1, -2; logits with exponentials 1, 2, 5 and 1, 1, 2; logits `ln 3` for targets 1 and -1.
  @Test(
    arguments: [
      (.squaredError, [1, 2], [1, 2], [0, 4], 2.5),
      (
        .crossEntropy, [2, 3], [0, 0.6931471805599453, 1.6094379124341003, 50, 50, 50.6931471805599453],
        [0, 0, 1, 1, 0, 0], 1.8562979903656263
      ),
      (.logistic, [2, 1], [1.0986122886681098, 1.0986122886681098], [1, -1], 1.6739764335716716),
    ] as [(LossFunction, [Int], [Double], [Double], Double)])
  func losses(
    loss: LossFunction, shape: [Int], prediction: [Double], target: [Double], expected: Double
  ) {
    var builder = ProgramBuilder(name: loss.rawValue)
    let predictionInput = builder.input("prediction", TensorType(shape, .double))
    let targetInput = builder.input("target", TensorType(shape, .double))
    builder.output("loss", loss(predictionInput, targetInput, in: &builder))
    let value = builder.build().evaluate([prediction, target])[0][0]
    #expect(abs(value - expected) <= 1e-14 * abs(expected))
  }

  @Test func affineLayerMultipliesByTheTransposedWeight() {
    var builder = ProgramBuilder(name: "affine")
    let x = builder.input("x", TensorType([2, 2], .double))
    let weight = builder.input("weight", TensorType([1, 2], .double))
    let bias = builder.input("bias", TensorType([1], .double))
    builder.output("biased", builder.affine(x, weight: weight, bias: bias))
    builder.output("plain", builder.affine(x, weight: weight))
    #expect(builder.build().evaluate([[1, 2, 3, 4], [10, 1], [0.5]]) == [[12.5, 34.5], [12, 34]])
  }
}
