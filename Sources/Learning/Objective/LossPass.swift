import Datasets
import LinearAlgebra
import ProgramExecutor

/// Computes loss, accuracy and perhaps the gradient over a batch, block by block.
///
/// The accumulators hold the gradient (or nothing), then the passengers, so that one reduction carries all.
final class LossPass<Scalar: RealScalar> {
  let rows: BatchRows<Scalar>
  private let accumulators: [Vector<Scalar>]
  private let group: any GroupReduction
  private let task: LearningTask
  private let blocks: [Block]
  private let outputs: Int
  private var weights: Vector<Scalar>?

  /// A class, so that looking one up counts one reference.
  private final class Block {
    let task: BlockTask<Scalar>
    let predictions: VectorSlice<Scalar>
    let targets: VectorSlice<Scalar>
    let accumulator: Vector<Scalar>

    init(
      _ task: BlockTask<Scalar>, _ predictions: VectorSlice<Scalar>, _ targets: VectorSlice<Scalar>,
      _ accumulator: Vector<Scalar>
    ) {
      (self.task, self.predictions, self.targets, self.accumulator) = (
        task, predictions, targets, accumulator
      )
    }
  }

  /// Prepares one task per block of this rank; see above for what `accumulators` hold.
  ///
  /// A pass for the gradient also leaves `residuals` where there is room for those of a block.
  init(
    _ rows: BatchRows<Scalar>, executables: BlockExecutables<Scalar>, gradient: Bool,
    residuals: ResidualStore<Scalar>? = nil, task: LearningTask, accumulators: [Vector<Scalar>],
    group: any GroupReduction
  ) throws {
    self.rows = rows
    self.accumulators = accumulators
    self.group = group
    self.task = task
    let layout = executables.programs.model.layout
    let outputs = executables.programs.outputs
    self.outputs = outputs
    let predictions = Vector<Scalar>(count: (rows.blocks.ranges.map(\.count).max() ?? 0) * outputs)
    blocks = try zip(rows.blocks.ranges.indices, rows.blocks.destinations).map { index, target in
      let examples = rows.blocks.ranges[index].count
      let room = residuals.flatMap { $0.isKept(index) ? $0[index] : nil }
      let executable =
        try room != nil
        ? executables.gradientWithResiduals(examples)
        : gradient ? executables.gradient(examples) : executables.loss(examples)
      let block = Block(
        BlockTask(executable, layout: layout), predictions.slice(0..<examples * outputs),
        rows.targets[index], accumulators[target])
      block.task.bind(input: "x", to: rows.inputs[index])
      block.task.bind(input: "y", to: block.targets)
      let lossIndex = block.accumulator.index(of: .loss)
      block.task.bind(output: "loss", to: block.accumulator.slice(lossIndex..<lossIndex + 1))
      block.task.bind(output: "predictions", to: block.predictions)
      if gradient { block.task.bindOutputs(flat: block.accumulator, layout: layout) }
      if let room { block.task.bind(residuals: room) }
      return block
    }
  }

  /// Leaves the sums over the batch in accumulator 0 and returns the means of loss and accuracy.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  func run(at weights: Vector<Scalar>) throws -> BatchLoss {
    bind(weights)
    try rows.blocks.sum(in: accumulators, over: group) { index in
      let block = blocks[index]
      block.task.run()
      if task != .regression {
        block.accumulator[.correct] = Scalar(
          task.correct(block.predictions, block.targets, outputs: outputs))
      }
    }
    let sums = accumulators[0], examples = Double(rows.blocks.examples)
    return BatchLoss(
      loss: Double(sums[.loss]) / examples,
      accuracy: task == .regression ? nil : Double(sums[.correct]) / examples)
  }

  /// What runs for each block at some weights.
  func tasks(at weights: Vector<Scalar>) -> [BlockTask<Scalar>] {
    bind(weights)
    return blocks.map(\.task)
  }

  private func bind(_ weights: Vector<Scalar>) {
    guard weights !== self.weights else { return }
    for block in blocks { block.task.bind(flat: weights) }
    self.weights = weights
  }
}
