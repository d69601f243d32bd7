public import LinearAlgebra
public import Optimizers

/// What an optimizer promises, whatever its rule; every configuration is held against this.
public enum OptimizerConformance<Scalar: RealScalar> {
  private static var shapes: [[Int]] { [[3, 7], [3], [2, 3, 2], [7]] }
  private static var count: Int { 43 }

  /// The promises that the optimizers of a configuration break, in words; none where they keep all.
  public static func faults(of configuration: OptimizerConfiguration) -> [String] {
    resumption(configuration) + thresholds(configuration) + zeroGradients(configuration)
      + deadWeights(configuration) + notANumber(configuration)
  }

  private static func make(_ configuration: OptimizerConfiguration) -> any Optimizer<Scalar> {
    configuration.makeOptimizer(shapes: shapes)
  }

  /// Gradients whose sizes differ by many orders of magnitude, as those of layers do.
  private static func gradient(_ step: Int) -> Vector<Scalar> {
    let random = Philox(seed: 5, stream: .probes, substream: UInt32(step))
    return Vector((0..<count).map { Scalar(random.normal(UInt64($0)) * [1, 1e-3, 1e-6, 30][$0 % 4]) })
  }

  private static func advance(
    _ optimizer: any Optimizer<Scalar>, _ weights: Vector<Scalar>, _ gradient: Vector<Scalar>
  ) {
    optimizer.absorb(gradient, at: weights)
    optimizer.update(weights, gradient: gradient, learningRate: 0.01)
  }

  /// Reading has no side effect, every gradient counts once, and copied state goes on with the same bits.
  private static func resumption(_ configuration: OptimizerConfiguration) -> [String] {
    let (first, second) = (make(configuration), make(configuration))
    let (a, b) = (Vector<Scalar>(count: count), Vector<Scalar>(count: count))
    var faults: [String] = []
    for step in 1...10 { advance(first, a, gradient(step)) }
    if first.stepCount != 10 { faults.append("it counts \(first.stepCount) steps in place of 10") }
    b.copy(from: a)
    second.stepCount = first.stepCount
    if first.state.map(\.name) != second.state.map(\.name)
      || Set(first.state.map(\.name)).count != first.state.count
    {
      faults.append("the names of its state are not unique, or change")
    }
    for (from, to) in zip(first.state, second.state) { to.vector.copy(from: from.vector) }
    for step in 11...20 {
      _ = first.preconditioner(into: Vector(count: count))
      _ = first.preview(a, gradient: gradient(step), learningRate: 0.1)
      advance(first, a, gradient(step))
      advance(second, b, gradient(step))
    }
    if a.array != b.array { faults.append("restored state does not go on with the same bits") }
    return faults
  }

  /// The threshold is positive while decay leaves room, and the critical step size is the one that belongs to it.
  private static func thresholds(_ configuration: OptimizerConfiguration) -> [String] {
    let optimizer = make(configuration)
    advance(optimizer, Vector(count: count), gradient(1))
    let critical = optimizer.criticalLearningRate(curvature: 7)
    let threshold = optimizer.stabilityThreshold(learningRate: critical)
    let falls = optimizer.stabilityThreshold(learningRate: 2 * critical) < threshold
    return abs(threshold - 7) < 1e-9 && falls
      ? [] : ["its threshold at the critical step size of 7 is \(threshold)"]
  }

  /// Where nothing was ever accumulated nothing moves but by weight decay.
  private static func zeroGradients(_ configuration: OptimizerConfiguration) -> [String] {
    let (optimizer, weights) = (make(configuration), Vector<Scalar>(count: count))
    for _ in 0..<3 { advance(optimizer, weights, Vector(count: count)) }
    let diagonal = Vector<Scalar>(count: count)
    _ = optimizer.preconditioner(into: diagonal)
    let isProper = diagonal.all.isFinite && diagonal.array.allSatisfy { $0 >= 0 }
    return (weights.array.allSatisfy { $0 == 0 } ? [] : ["zero gradients move zero weights"])
      + (isProper ? [] : ["its preconditioner after zero gradients is not finite"])
  }

  /// A weight whose gradient is always 0 stays, while the others move.
  private static func deadWeights(_ configuration: OptimizerConfiguration) -> [String] {
    let (optimizer, weights) = (make(configuration), Vector<Scalar>(count: count))
    for step in 1...5 {
      let gradient = gradient(step)
      for dead in [0, 22, 42] { gradient[dead] = 0 }
      advance(optimizer, weights, gradient)
    }
    let stay = [0, 22, 42].allSatisfy { weights[$0] == 0 }
    let move = weights[1] != 0 && weights[23] != 0 && weights.all.isFinite
    return (stay ? [] : ["a weight without gradients moves"])
      + (move ? [] : ["weights beside a dead one do not move"])
  }

  /// A gradient that is not a number, or infinite, is not hidden, then and later.
  private static func notANumber(_ configuration: OptimizerConfiguration) -> [String] {
    [Scalar.nan, .infinity].flatMap { value -> [String] in
      let (optimizer, weights) = (make(configuration), Vector<Scalar>(count: count))
      for step in 1...4 {
        let gradient = step == 2 ? Self.gradient(step) : Vector<Scalar>(count: count)
        if step == 2 { gradient[0] = value }
        advance(optimizer, weights, gradient)
        if step >= 2, weights[0].isFinite { return ["a gradient of \(value) is hidden in step \(step)"] }
      }
      return []
    }
  }
}
