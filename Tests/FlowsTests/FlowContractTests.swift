import Conformance
import Flows
import Learning
import LinearAlgebra
import Optimizers
import Schema
import Testing

@testable import Datasets

/// What every flow promises, whatever its mathematics.
@Suite struct FlowContractTests {
  private static func make<Scalar: RealScalar>(_ kind: FlowKind, _ loss: any FlowObjective<Scalar>)
    -> Flow<Scalar>
  {
    let isForDescent = kind == .gradientFlow || kind == .rodFlow
    var settings = FlowSettings()
    settings.coldInterval = 3
    return Flow(
      kind, loss, isForDescent ? .gradientDescent : .scalarRMSProp(beta2: 0.95), settings: settings, seed: 5)
  }

  /// Next to the edge, where all is in use.
  private static func start<Scalar: RealScalar>(
    _ flow: Flow<Scalar>, _ loss: PolynomialLoss<Scalar>
  ) -> (weights: Vector<Scalar>, stepSize: FlowStepSize) {
    let weights = Vector([0.05, 0.02, 4.0, 3.95, 0.1, 0.2, -0.1].map { Scalar($0) })
    var state = CarriedState<Scalar>()
    state.numbers["step_count"] = 5
    state.vectors["squared_norm"] = Vector([1])
    _ = flow.adopt(optimizer: state)
    flow.observe(Vector(loss.gradient(weights.array.map(Double.init)).map { Scalar($0) }))
    return (weights, FlowStepSize(0.49))
  }

  /// Numbers and vectors by name, all as bits.
  private func bits<Scalar: RealScalar>(_ state: CarriedState<Scalar>, _ weights: Vector<Scalar>) -> [String:
    [UInt64]]
  {
    var bits = state.numbers.mapValues { [$0.bitPattern] }
    for (name, vector) in state.vectors { bits[name] = vector.array.map { Double($0).bitPattern } }
    bits["weights"] = weights.array.map { Double($0).bitPattern }
    return bits
  }

  /// Thrown out of any call, a step leaves all as it was, and done again gives the same bits.
  @Test(arguments: FlowKind.allCases) func leavingInTheMiddleLeavesNothing(kind: FlowKind) throws {
    let (loss, other) = (
      PolynomialLoss<Double>(.coupled, count: 7), PolynomialLoss<Double>(.coupled, count: 7)
    )
    let (flow, undisturbed) = (Self.make(kind, loss), Self.make(kind, other))
    let (weights, stepSize) = Self.start(flow, loss)
    let same = Self.start(undisturbed, other).weights
    var times = 0
    for step in 0..<4 {
      var calls = 0
      while true {
        let before = bits(flow.carried, weights)
        loss.callsLeft = calls
        do {
          _ = try flow.step(weights, over: step, stepSize: stepSize)
          break
        } catch is PolynomialLoss<Double>.Left {
          #expect(bits(flow.carried, weights) == before, "after \(calls) calls")
        }
        (calls, times) = (calls + 1, times + 1)
      }
      _ = try undisturbed.step(same, over: step, stepSize: stepSize)
      #expect(bits(flow.carried, weights) == bits(undisturbed.carried, same))
    }
    #expect(times > 12)
  }

  /// What is carried, taken back by another flow made alike, goes on with the same bits.
  @Test(arguments: FlowKind.allCases) func carriedStatesGoOn(kind: FlowKind) throws {
    try goOn(kind, as: Double.self)
    try goOn(kind, as: Float.self)
  }

  private func goOn<Scalar: RealScalar>(_ kind: FlowKind, as: Scalar.Type) throws {
    let loss = PolynomialLoss<Scalar>(.coupled, count: 7)
    let flow = Self.make(kind, loss)
    let (weights, stepSize) = Self.start(flow, loss)
    try run(flow, weights, steps: 4, stepSize: stepSize)
    let (other, copy) = (Self.make(kind, loss), Vector(weights.array))
    let kept = flow.carried.copied
    try run(flow, weights, steps: 5, stepSize: stepSize, from: 4)
    #expect(other.restore(kept))
    try run(other, copy, steps: 5, stepSize: stepSize, from: 4)
    #expect(bits(flow.carried, weights) == bits(other.carried, copy))
    #expect(!other.restore(CarriedState()))
  }

  /// A gradient that is known is not computed again, and changes no bit.
  @Test(arguments: FlowKind.allCases) func aKnownGradientSavesOne(kind: FlowKind) throws {
    let loss = PolynomialLoss<Double>(.coupled, count: 7)
    let (flow, other) = (Self.make(kind, loss), Self.make(kind, loss))
    let (weights, stepSize) = Self.start(flow, loss)
    let (copy, _) = Self.start(other, loss)
    let known = KnownGradient(loss: loss.value.value(copy.array), gradient: Vector(loss.gradient(copy.array)))
    _ = try flow.step(weights, over: 0, stepSize: stepSize)
    _ = try other.step(copy, over: 0, stepSize: stepSize, known: known)
    #expect(bits(flow.carried, weights) == bits(other.carried, copy))
  }

  /// A network on some examples, by groups of ranks: all ranks of all groups have the same bits.
  @Test(arguments: [1, 2, 4]) func ranksHaveTheSameBits(size: Int) throws {
    let alone = ThreadGroup.run(size: 1) { (try? Self.network($0, Float.self)) ?? [] }
    let group = ThreadGroup.run(size: size) { (try? Self.network($0, Float.self)) ?? [] }
    #expect(alone[0].count > 10)
    for member in group { #expect(member == alone[0]) }
  }

  /// In single precision the flow is the one in double precision, to single precision.
  @Test func singlePrecisionFollowsDouble() throws {
    let (single, double) = (
      try Self.network(SoloReduction(), Float.self), try Self.network(SoloReduction(), Double.self)
    )
    #expect(single.count == double.count && single.count > 10)
    for (first, second) in zip(single, double) { #expect(abs(first - second) < 1e-3) }
  }

  /// The weights of a small network after some steps of the central flow at the edge of stability.
  private static func network<Scalar: RealScalar>(_ group: any GroupReduction, _: Scalar.Type) throws
    -> [Double]
  {
    let inputs = (0..<12).map { Scalar(Double($0) / 6 - 0.9) }
    let targets = inputs.map { 2 * $0 * $0 - 1 }
    let data = Dataset(
      name: "parabola", task: .regression, image: nil,
      training: Examples(count: 12, inputs: Vector(inputs), targets: Vector(targets)), test: nil)
    let model = try ModelConfiguration.mlp(MLPConfiguration(hidden: [8], activation: .tanh))
      .makeModel(features: 1, outputs: 1)
    let objective = try Objective<Scalar>(
      model: model, loss: .mse, data: data, blockSize: 2, reduction: group)
    let weights: Vector<Scalar> = model.initialWeights(seed: 4, as: Scalar.self)
    // The first step of another flow tells what the sharpness is.
    let (look, copy) = (Flow(.gradientFlow, objective, seed: 2), Vector(weights.array))
    var sharpness = 0.0
    try run(look, copy, steps: 1, stepSize: FlowStepSize(0.1)) { _, prediction, _ in
      sharpness = prediction.eigenvalues[0] / 0.1
    }
    var variances = 0.0
    let flow = Flow(.centralFlow, objective, .gradientDescent, seed: 2)
    try run(flow, weights, steps: 25, stepSize: FlowStepSize(2.3 / sharpness)) { _, prediction, _ in
      variances += prediction.variances.reduce(0, +)
    }
    #expect(variances > 1e-6)
    return weights.array.map { Double($0) }
  }

  /// Optimizers without a flow say why.
  @Test func onlyThreeOptimizersHaveFlows() {
    #expect(
      OptimizerConfiguration.names.filter { (try? FlowGeometry.of(OptimizerConfiguration($0))) != nil }
        == ["gd", "scalar-rmsprop", "rmsprop"])
    for decayed in [OptimizerConfiguration("gd", [.weightDecay: 0.1]), OptimizerConfiguration("adam")] {
      #expect(FlowKind.centralFlow.obstacle(to: decayed) != nil)
    }
    #expect(FlowKind.rodFlow.obstacle(to: OptimizerConfiguration("rmsprop")) != nil)
    #expect(FlowKind.centralFlow.obstacle(to: OptimizerConfiguration("rmsprop")) == nil)
  }

  /// A flow takes over what an optimizer carries, and holds the same preconditioner after the same gradient.
  @Test(arguments: ["scalar-rmsprop", "rmsprop"]) func flowsBeginWhereOptimizersAre(name: String) throws {
    let configuration = OptimizerConfiguration(name, [.epsilon: 0.01])
    let optimizer = configuration.makeOptimizer(shapes: [[7]], scalar: Double.self)
    let loss = PolynomialLoss<Double>(.coupled, count: 7)
    let weights = Vector(Polynomial.coupledStart)
    for _ in 0..<3 {
      let gradient = Vector(loss.gradient(weights.array))
      optimizer.absorb(gradient, at: weights)
      optimizer.update(weights, gradient: gradient, learningRate: 0.01)
    }
    let flow = Flow(.centralFlow, loss, try FlowGeometry.of(configuration), seed: 1)
    #expect(flow.adopt(optimizer: optimizer.carried))
    let gradient = Vector(loss.gradient(weights.array))
    flow.observe(gradient)
    optimizer.absorb(gradient, at: weights)
    let (mine, theirs) = (Vector<Double>(count: 7), Vector<Double>(count: 7))
    #expect(flow.preconditioner(into: mine) && optimizer.preconditioner(into: theirs))
    for index in 0..<7 { #expect(abs(mine[index] - theirs[index]) < 1e-14) }
  }
}
