public import Datasets
public import LinearAlgebra
import TensorProgram

/// The mean loss over a dataset as a function of the flat weights, with its gradient and Hessian products.
///
/// A batch is cut into blocks. Loss, gradient and products are sums over blocks along `CanonicalTree`, divided once by
/// the number of examples; each rank of a group computes the blocks of one subtree, and all end with the same bits,
/// whatever the size of the group. Everything is prepared when it is first used: a later step allocates nothing, except
/// for the list of a minibatch's examples, which the caller makes.
public final class Objective<Scalar: RealScalar> {
  /// Where each parameter lies in the flat vector.
  public let layout: ParameterLayout
  /// The number of training examples.
  public let exampleCount: Int
  private let data: Dataset<Scalar>
  private let blockSize: Int
  private let group: any GroupReduction
  private let residualMemory: Int
  private let executables: BlockExecutables<Scalar>
  private let accumulators: [Vector<Scalar>]
  let fullGradient: LossPass<Scalar>
  private var stagedGradient: LossPass<Scalar>?
  private var testLoss: LossPass<Scalar>?
  private var fullCurvature: CurvaturePass<Scalar>?
  /// By the size of the batch: that of the steps, and that of the examples the Hessian is measured on.
  private var stagedCurvatures: [Int: CurvaturePass<Scalar>] = [:]
  /// The one of all that was linearised last.
  private(set) var curvature: CurvaturePass<Scalar>?

  /// Prepares the full batch.
  ///
  /// - Parameters:
  ///   - model: The network, made for the features and outputs of the data.
  ///   - loss: What is minimised.
  ///   - data: The examples; several objectives may share them.
  ///   - blockSize: The number of examples in a block, 1 or more; it decides rounding.
  ///   - reduction: The ranks that share the work; they all make the same calls.
  ///   - residualMemory: The bytes that may be kept from one Hessian product to the next, over all batches and beyond one
  ///     block of each; what does not fit is computed again in every product, with the same bits.
  /// - Throws: `Problem` where the loss does not fit the data.
  public init(
    model: any Model, loss: Loss, data: Dataset<Scalar>, blockSize: Int,
    reduction: any GroupReduction = SoloReduction(), residualMemory: Int = .max
  ) throws {
    precondition(blockSize >= 1, "A block has one example or more.")
    try loss.check(data.task)
    self.data = data
    self.blockSize = blockSize
    group = reduction
    self.residualMemory = residualMemory
    layout = model.layout
    exampleCount = data.training.count
    executables = BlockExecutables(
      BlockPrograms(
        model: model, loss: loss, features: data.training.features, outputs: data.training.outputs,
        scalar: Scalar.choose(float: .float, double: .double)))
    let blocks = LocalBlocks(examples: exampleCount, blockSize: blockSize, group: reduction)
    let length = model.layout.count + Passenger.count
    accumulators = (0..<blocks.accumulators).map { _ in Vector(count: length) }
    fullGradient = try LossPass(
      BatchRows(all: data.training, blocks), executables: executables, gradient: true, task: data.task,
      accumulators: accumulators, group: reduction)
  }

  /// The length of the flat vector of weights.
  public var parameterCount: Int { layout.count }

  /// The loss at some weights, and its gradient.
  ///
  /// With `linearizing` it also does what `linearize` does, at little more than the cost of the gradient.
  public func gradient(
    at weights: Vector<Scalar>, batch: Batch = .full, into gradient: Vector<Scalar>, linearizing: Bool = false
  ) throws -> BatchLoss {
    guard linearizing else {
      let pass = try gradientPass(for: batch)
      let loss = try pass.run(at: weights)
      copyMean(over: pass.rows.blocks.examples, into: gradient)
      return loss
    }
    let pass = try curvaturePass(for: batch)
    let loss = try pass.linearizeWithGradient(at: weights, task: data.task)
    curvature = pass
    copyMean(over: pass.rows.blocks.examples, into: gradient)
    return loss
  }

  /// Fixes the weights and the batch of the Hessian products that follow; the weights are copied.
  ///
  /// It costs nothing where both have been fixed before.
  public func linearize(at weights: Vector<Scalar>, batch: Batch = .full) throws {
    let pass = try curvaturePass(for: batch)
    pass.linearize(at: weights)
    curvature = pass
  }

  /// What this rank keeps for products with the Hessians of all batches so far; nil before the first linearisation.
  public var residualUse: ResidualUse? {
    guard curvature != nil else { return nil }
    return ResidualUse(
      byteCount: curvatures.map(\.residuals.byteCount).reduce(0, +),
      blocks: curvatures.map(\.rows.blocks.ranges.count).reduce(0, +),
      keptBlocks: curvatures.map(\.residuals.keptBlocks).reduce(0, +))
  }

  private var curvatures: [CurvaturePass<Scalar>] {
    (fullCurvature.map { [$0] } ?? []) + stagedCurvatures.values
  }

  /// The product of the Hessian, at the weights of the last `linearize`, with a vector.
  public func hessianProduct(_ vector: Vector<Scalar>, into product: Vector<Scalar>) throws {
    guard let curvature else { preconditionFailure("Linearise before asking for a Hessian product.") }
    try curvature.product(with: vector)
    copyMean(over: curvature.rows.blocks.examples, into: product)
  }

  /// Loss and accuracy on the test examples; nil if there are none.
  public func evaluateTest(at weights: Vector<Scalar>) throws -> BatchLoss? {
    guard let test = data.test else { return nil }
    let pass = try testLoss ?? makeTestPass(test)
    testLoss = pass
    return try pass.run(at: weights)
  }

  private func copyMean(over examples: Int, into result: Vector<Scalar>) {
    result.all.copy(from: accumulators[0].slice(0..<parameterCount), scaledBy: 1 / Double(examples))
  }
}

// MARK: - Passes

extension Objective {
  private func gradientPass(for batch: Batch) throws -> LossPass<Scalar> {
    guard case .examples(let indices) = batch else { return fullGradient }
    let pass: LossPass<Scalar>
    if let known = stagedGradient, known.rows.blocks.examples == indices.count {
      pass = known
    } else {
      pass = try LossPass(
        stagedRows(indices.count), executables: executables, gradient: true, task: data.task,
        accumulators: accumulators, group: group)
      stagedGradient = pass
    }
    pass.rows.gather(indices, from: data.training)
    return pass
  }

  private func curvaturePass(for batch: Batch) throws -> CurvaturePass<Scalar> {
    guard case .examples(let indices) = batch else {
      let pass =
        try fullCurvature ?? makeCurvaturePass(BatchRows(all: data.training, fullGradient.rows.blocks))
      fullCurvature = pass
      return pass
    }
    let pass = try stagedCurvatures[indices.count] ?? makeCurvaturePass(stagedRows(indices.count))
    stagedCurvatures[indices.count] = pass
    pass.gather(indices, from: data.training)
    return pass
  }

  private func makeCurvaturePass(_ rows: BatchRows<Scalar>) throws -> CurvaturePass<Scalar> {
    try CurvaturePass(
      rows, executables: executables, accumulators: accumulators, group: group,
      residualMemory: max(0, residualMemory - curvatures.map(\.residuals.byteCount).reduce(0, +)))
  }

  private func stagedRows(_ count: Int) -> BatchRows<Scalar> {
    precondition((1...exampleCount).contains(count), "A batch has between one and all of the examples.")
    let blocks = LocalBlocks(examples: count, blockSize: blockSize, group: group)
    return BatchRows(stagedFrom: data.training, blocks)
  }

  private func makeTestPass(_ test: Examples<Scalar>) throws -> LossPass<Scalar> {
    let blocks = LocalBlocks(examples: test.count, blockSize: blockSize, group: group)
    return try LossPass(
      BatchRows(all: test, blocks), executables: executables, gradient: false, task: data.task,
      accumulators: (0..<blocks.accumulators).map { _ in Vector(count: Passenger.count) }, group: group)
  }
}
