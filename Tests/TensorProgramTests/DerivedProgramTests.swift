import TensorProgram
import Testing

/// What derived programs cost, against counts made by hand for a network of `L` affine layers.
@Suite struct DerivedProgramTests {
  /// `3L - 1` matrix products: one forward in each layer, one for its weight's gradient, and one backward in all
  /// but the first.
  ///
  /// An instruction each: product, broadcast and sum of an affine layer and its activation;
  /// difference, square, sum and scale of the loss; weight gradient and bias gradient; and for every hidden
  /// layer the backward product and `t^2`, its negative, `1 - t^2` and the product with it.
  @Test(arguments: [1, 2, 3, 4])
  func gradientHasNoSuperfluousInstruction(layers: Int) {
    let (program, parameters) = network(widths: widths(layers), examples: 6)
    let gradient = program.gradient(withRespectTo: parameters)
    #expect(gradient.matmuls == 3 * layers - 1)
    #expect(gradient.instructions.count == 3 * layers + (layers - 1) + 4 + 2 * layers + 5 * (layers - 1))
    #expect(gradient.count { $0 == .splat(1, TensorType([], .double)) } == 0)
  }

  /// Each of the `3L - 1` products of the gradient is bilinear, so its tangent is two products, but for the two
  /// of the first layer with the data, which are constant: `6L - 4`.
  @Test(arguments: Activation.allCases, [1, 2, 3])
  func hessianProductMultipliesNoMoreThanItMust(activation: Activation, layers: Int) {
    for loss in LossFunction.allCases {
      let (program, parameters) = network(
        widths: widths(layers), examples: 6, activation: activation, loss: loss)
      let product = program.hessianProduct(withRespectTo: parameters)
      #expect(product.linear.matmuls == 6 * layers - 4)
      #expect(product.primal.matmuls == 3 * layers - 1)
    }
  }

  /// `4 + 20 (L - 1)` matrix products, and none for a single layer, whose loss is quadratic.
  ///
  /// A product `a b` has the mixed derivative `a_uv b + a_u b_v + a_v b_u + a b_uv`, and weights are linear in
  /// both directions. With the value and the two first derivatives, which the mixed one needs: 3 in the first
  /// layer, 8 in each other, 8 for each product backward; of weight gradients only the mixed one is asked for: 1
  /// in the first layer, 4 in each other.
  @Test(arguments: [1, 2, 3])
  func thirdDerivativeMultipliesNoMoreThanItMust(layers: Int) {
    let (program, parameters) = network(widths: widths(layers), examples: 6)
    let third = program.thirdDerivative(withRespectTo: parameters)
    #expect(layers == 1 ? third.matmuls == 0 : third.matmuls == 4 + 20 * (layers - 1))
  }

  /// In parts, each product is made once for a point, a direction or a pair: of the pair's `1 + 10 (L - 1)` one is the weight
  /// gradient of the first layer, 4 are those of each other, 3 go forward and 3 back.
  @Test(arguments: [2, 3, 4])
  func aPairOfDirectionsMultipliesNoMoreThanItMust(layers: Int) {
    for activation in Activation.allCases where activation != .relu && activation != .hardtanh {
      let (program, parameters) = network(widths: widths(layers), examples: 6, activation: activation)
      let parts = program.thirdDerivativeParts(withRespectTo: parameters)
      #expect(parts.primal.matmuls == 3 * layers - 1)
      #expect(parts.direction.matmuls == 6 * layers - 4)
      #expect(parts.pair.matmuls == 1 + 10 * (layers - 1))
    }
  }

  /// Elementwise, a hidden layer costs `dh = D dz`, and `D da + K dz` on the way back, where `D` and `K` are
  /// residuals whatever the activation; `K` vanishes for piecewise linear ones.
  @Test(arguments: Activation.allCases)
  func activationsCostTheLinearProgramOneProductPerFactor(activation: Activation) {
    for layers in 2...4 {
      let (program, parameters) = network(
        widths: widths(layers), examples: 6, activation: activation)
      let linear = program.hessianProduct(withRespectTo: parameters).linear
      let curved = activation != .relu && activation != .hardtanh
      #expect(linear.count { $0 == .multiply } == (layers - 1) * (curved ? 3 : 2))
      // 3 for the first affine layer, 5 for others, 1 per hidden layer; back: 2 for the gradients of the first
      // layer, 4 for others; per hidden layer 2 products and their sum, then the formula above.
      let expected = 3 + 5 * (layers - 1) + (layers - 1) + 2 + (4 + 3 + (curved ? 3 : 1)) * (layers - 1)
      #expect(linear.instructions.count == expected)
    }
  }

  @Test(arguments: Activation.allCases, LossFunction.allCases)
  func linearProgramsHoldOnlyWhatDependsOnTheTangent(activation: Activation, loss: LossFunction) {
    let (program, parameters) = network(
      widths: [5, 4, 4, 3], examples: 6, activation: activation, loss: loss)
    let product = program.hessianProduct(withRespectTo: parameters)
    var dependent = Set(product.linear.inputs.prefix(product.tangentCount).map(\.value))
    for instruction in product.linear.instructions {
      switch instruction.operation {
      case .splat, .broadcast: break
      default: #expect(!dependent.isDisjoint(with: instruction.operands), "\(instruction)")
      }
      if !dependent.isDisjoint(with: instruction.operands) { dependent.insert(instruction.result) }
    }
  }

  /// For one hidden layer: the data, `D`, the second weight, the hidden layer, the loss's slope and `K`.
  @Test func residualsAreInputsWhereTheyCanBeAndNeverRepeated() {
    let (program, parameters) = network(widths: [5, 4, 3], examples: 6)
    let product = program.hessianProduct(withRespectTo: parameters)
    #expect(product.tangentCount == 4)
    #expect(product.residuals.contains(.input(0)), "the data")
    #expect(product.residuals.contains(.input(4)), "W2")
    #expect(product.residuals.count == 6)
    #expect(Set(product.residuals).count == 6)
    #expect(product.primal.outputs.count == 2 + 4 + 4)
    #expect(Set(product.primal.outputs.map(\.value)).count == 2 + 4 + 4)
    for (residual, input) in zip(product.residuals, product.linear.inputs.dropFirst(product.tangentCount)) {
      let type = product.linear.type(of: input.value)
      switch residual {
      case .input(let index): #expect(type == product.primal.type(of: product.primal.inputs[index].value))
      case .output(let index):
        #expect(type == product.primal.type(of: product.primal.outputs[index].value))
        #expect(product.primal.outputs[index].name == input.name)
      }
    }
  }

  @Test func aResidualThatIsAnOutputIsNotHandedOutTwice() {
    var builder = ProgramBuilder(name: "exp")
    let x = builder.input("x", TensorType([3], .double))
    builder.output("y", builder.map(.exp, x))
    let linearization = builder.build().linearize(withRespectTo: ["x"])
    #expect(linearization.primal.outputs.map(\.name) == ["y"])
    #expect(linearization.residuals == [.output(0)])
  }

  @Test func broadcastsAreRepeatedRatherThanStored() {
    var builder = ProgramBuilder(name: "rows")
    let x = builder.input("x", TensorType([50, 3], .double))
    let s = builder.input("s", TensorType([3], .double))
    let t = builder.tanh(s)
    let repeated = builder.broadcast(t, to: [50, 3], axes: [1])
    builder.output("y", builder.multiply(x, repeated))
    let linearization = builder.build().linearize(withRespectTo: ["x"])
    #expect(linearization.residuals == [.output(1)])
    #expect(linearization.primal.type(of: linearization.primal.outputs[1].value).shape == [3])
  }

  @Test func derivativesThatVanishAreConstantZeros() {
    var builder = ProgramBuilder(name: "constant")
    let x = builder.input("x", TensorType([3], .double))
    let y = builder.input("y", TensorType([], .double))
    let step = builder.map(.within(lower: 0, upper: 1), x)
    builder.output("loss", builder.add(y, builder.sum(step)))
    let program = builder.build()
    let linearization = program.linearize(withRespectTo: ["x"])
    #expect(linearization.linear.instructions.map(\.operation) == [.splat(0, TensorType([], .double))])
    #expect(linearization.residuals.isEmpty)
    let gradient = program.gradient(withRespectTo: ["x", "y"])
    #expect(gradient.evaluate([[0.5, 2, -1], [3]]) == [[4], [0, 0, 0], [1]])
  }

  @Test func theGradientSharesItsScaleWithTheLoss() {
    var builder = ProgramBuilder(name: "mean")
    let x = builder.input("x", TensorType([4], .double))
    let total = builder.sum(builder.multiply(x, x))
    builder.output("loss", builder.scale(total, by: 0.25))
    let gradient = builder.build().gradient(withRespectTo: ["x"])
    #expect(
      gradient.instructions.map(\.operation) == [.multiply, .sum(axes: [0]), .scale(0.25), .scale(0.5)])
  }

  private func widths(_ layers: Int) -> [Int] { [5] + (1..<layers).map { 3 + $0 } + [3] }
}

extension Program {
  /// The number of matrix products.
  var matmuls: Int {
    count { operation in if case .matmul = operation { true } else { false } }
  }

  /// The number of instructions whose operation satisfies a condition.
  func count(where condition: (Operation) -> Bool) -> Int {
    instructions.count { condition($0.operation) }
  }
}
