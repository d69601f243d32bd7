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
  private var stagedLoss: LossPass<Scalar>?
  private var fullLoss: LossPass<Scalar>?
  /// What linearisations were made with, and those of them that nobody holds.
  private var curvatures: [CurvaturePass<Scalar>] = []
  private var unused: [CurvaturePass<Scalar>] = []

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
  public convenience init(
    model: any Model, loss: Loss, data: Dataset<Scalar>, blockSize: Int,
    reduction: any GroupReduction = SoloReduction(), residualMemory: Int = .max
  ) throws {
    try self.init(
      BlockExecutables(model: model, loss: loss, data: data), data: data, blockSize: blockSize,
      reduction: reduction, residualMemory: residualMemory)
  }

  /// The same with programs that may have been compiled for another objective.
  public init(
    _ executables: BlockExecutables<Scalar>, data: Dataset<Scalar>, blockSize: Int,
    reduction: any GroupReduction = SoloReduction(), residualMemory: Int = .max
  ) throws {
    precondition(blockSize >= 1, "A block has one example or more.")
    try executables.programs.loss.check(data.task)
    self.executables = executables
    self.data = data
    self.blockSize = blockSize
    group = reduction
    self.residualMemory = residualMemory
    layout = executables.model.layout
    exampleCount = data.training.count
    let blocks = LocalBlocks(examples: exampleCount, blockSize: blockSize, group: reduction)
    let length = layout.count + Passenger.count
    accumulators = (0..<blocks.accumulators).map { _ in Vector(count: length) }
    fullGradient = try LossPass(
      BatchRows(all: data.training, blocks), executables: executables, gradient: true, task: data.task,
      accumulators: accumulators, group: reduction)
  }

  /// The length of the flat vector of weights.
  public var parameterCount: Int { layout.count }

  /// The loss at some weights.
  public func loss(at weights: Vector<Scalar>, batch: Batch = .full) throws -> BatchLoss {
    try lossPass(for: batch).run(at: weights)
  }

  /// The loss at some weights, and its gradient.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  public func gradient(
    at weights: Vector<Scalar>, batch: Batch = .full, into gradient: Vector<Scalar>
  ) throws -> BatchLoss {
    let pass = try gradientPass(for: batch)
    let loss = try pass.run(at: weights)
    copyMean(over: pass.rows.blocks.examples, into: gradient)
    return loss
  }

  /// Prepares products with the Hessian at some weights, which are copied.
  ///
  /// It costs nothing where the last linearisation that nobody holds was made there.
  public func linearize(
    at weights: Vector<Scalar>, batch: Batch = .full
  ) throws -> LinearizedObjective<Scalar> {
    let pass = try curvaturePass(for: batch, at: weights)
    pass.linearize(at: weights)
    return LinearizedObjective(self, pass, over: batch)
  }

  /// The loss at some weights, its gradient, and products with the Hessian there, at little more than the cost of the
  /// gradient.
  public func linearize(
    at weights: Vector<Scalar>, batch: Batch = .full, gradient: Vector<Scalar>
  ) throws -> (linearized: LinearizedObjective<Scalar>, loss: BatchLoss) {
    let pass = try curvaturePass(for: batch, at: weights)
    let linearized = LinearizedObjective(self, pass, over: batch)
    let loss = try pass.linearizeWithGradient(at: weights, task: data.task)
    copyMean(over: pass.rows.blocks.examples, into: gradient)
    return (linearized, loss)
  }

  /// What this rank keeps for products with Hessians, over all linearisations that were needed at once so far; nil before
  /// the first.
  public var residualUse: ResidualUse? {
    guard !curvatures.isEmpty else { return nil }
    return ResidualUse(
      byteCount: curvatures.map(\.residuals.byteCount).reduce(0, +),
      blocks: curvatures.map(\.rows.blocks.ranges.count).reduce(0, +),
      keptBlocks: curvatures.map(\.residuals.keptBlocks).reduce(0, +))
  }

  /// Loss and accuracy on the test examples; nil if there are none.
  public func evaluateTest(at weights: Vector<Scalar>) throws -> BatchLoss? {
    guard let test = data.test else { return nil }
    let pass = try testLoss ?? makeTestPass(test)
    testLoss = pass
    return try pass.run(at: weights)
  }

  func copyMean(over examples: Int, into result: Vector<Scalar>) {
    result.all.copy(from: accumulators[0].slice(0..<parameterCount), scaledBy: 1 / Double(examples))
  }
}

// MARK: - Passes

extension Objective {
  private func gradientPass(for batch: Batch) throws -> LossPass<Scalar> {
    guard case .examples(let indices) = batch else { return fullGradient }
    return try staged(&stagedGradient, indices) { rows in
      try LossPass(
        rows, executables: executables, gradient: true, task: data.task, accumulators: accumulators,
        group: group)
    }
  }

  private func lossPass(for batch: Batch) throws -> LossPass<Scalar> {
    guard case .examples(let indices) = batch else {
      let pass = try fullLoss ?? makeLossPass(BatchRows(all: data.training, fullGradient.rows.blocks))
      fullLoss = pass
      return pass
    }
    return try staged(&stagedLoss, indices, make: makeLossPass)
  }

  /// The pass for minibatches of that size, with the rows of this one.
  private func staged(
    _ known: inout LossPass<Scalar>?, _ indices: [Int],
    make: (BatchRows<Scalar>) throws -> LossPass<Scalar>
  ) throws -> LossPass<Scalar> {
    let fitting = known.flatMap { $0.rows.blocks.examples == indices.count ? $0 : nil }
    let pass = try fitting ?? make(stagedRows(indices.count))
    known = pass
    pass.rows.gather(indices, from: data.training)
    return pass
  }

  /// Takes one that nobody holds, best the one that is there already, or makes another.
  private func curvaturePass(for batch: Batch, at weights: Vector<Scalar>) throws -> CurvaturePass<Scalar> {
    let fitting = unused.indices.filter { unused[$0].fits(batch) }
    let pass: CurvaturePass<Scalar>
    if let chosen = fitting.first(where: { unused[$0].isLinearized(at: weights, over: batch) })
      ?? fitting.last
    {
      pass = unused.remove(at: chosen)
    } else {
      pass = try makeCurvaturePass(for: batch)
    }
    pass.gather(batch, from: data.training)
    return pass
  }

  /// Takes back what nobody holds any more.
  func recycle(_ pass: CurvaturePass<Scalar>) { unused.append(pass) }

  private func makeCurvaturePass(for batch: Batch) throws -> CurvaturePass<Scalar> {
    let rows =
      switch batch {
      case .full: BatchRows(all: data.training, fullGradient.rows.blocks)
      case .examples(let indices): stagedRows(indices.count)
      }
    let pass = try CurvaturePass(
      rows, isStaged: batch != .full, executables: executables, accumulators: accumulators, group: group,
      residualMemory: max(0, residualMemory - curvatures.map(\.residuals.byteCount).reduce(0, +)))
    curvatures.append(pass)
    return pass
  }

  private func stagedRows(_ count: Int) -> BatchRows<Scalar> {
    precondition((1...exampleCount).contains(count), "A batch has between one and all of the examples.")
    let blocks = LocalBlocks(examples: count, blockSize: blockSize, group: group)
    return BatchRows(stagedFrom: data.training, blocks)
  }

  private func makeTestPass(_ test: Examples<Scalar>) throws -> LossPass<Scalar> {
    try makeLossPass(
      BatchRows(all: test, LocalBlocks(examples: test.count, blockSize: blockSize, group: group)))
  }

  private func makeLossPass(_ rows: BatchRows<Scalar>) throws -> LossPass<Scalar> {
    try LossPass(
      rows, executables: executables, gradient: false, task: data.task,
      accumulators: (0..<rows.blocks.accumulators).map { _ in Vector(count: Passenger.count) }, group: group)
  }
}
