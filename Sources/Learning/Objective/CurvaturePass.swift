import Datasets
import LinearAlgebra
import ProgramExecutor
import TensorProgram

/// Computes Hessian products over a batch, block by block, at the weights where it was last linearised.
///
/// The memory for the residuals is kept from one linearisation to the next.
final class CurvaturePass<Scalar: RealScalar> {
  let rows: BatchRows<Scalar>
  /// What is kept of the blocks between products.
  let residuals: ResidualStore<Scalar>
  private let executables: BlockExecutables<Scalar>
  private let accumulators: [Vector<Scalar>]
  private let group: any GroupReduction
  private let weights: Vector<Scalar>
  /// What runs for each block.
  let blocks: [(primal: BlockTask<Scalar>, linear: BlockTask<Scalar>)]
  private var direction: Vector<Scalar>?
  private var thirdDerivatives: ThirdDerivativePass<Scalar>?
  private var gradientPass: LossPass<Scalar>?
  private var isLinearized = false
  /// Whether minibatches are copied here, and the rows of the last one.
  private let isStaged: Bool
  private var gathered: [Int] = []

  /// Prepares two tasks per block of this rank; the first elements of `accumulators` take products, and residuals at
  /// most `residualMemory` bytes, or room for one block.
  init(
    _ rows: BatchRows<Scalar>, isStaged: Bool, executables: BlockExecutables<Scalar>,
    accumulators: [Vector<Scalar>], group: any GroupReduction, residualMemory: Int
  ) throws {
    (self.rows, self.isStaged) = (rows, isStaged)
    self.executables = executables
    self.accumulators = accumulators
    self.group = group
    let layout = executables.programs.model.layout
    let weights = Vector<Scalar>(count: layout.count)
    self.weights = weights
    let curvatures = try rows.blocks.ranges.map { try executables.curvature($0.count) }
    let residuals = ResidualStore<Scalar>(
      curvatures.map { $0.linearization.primal.counts(of: $0.linearization.residuals) },
      budget: residualMemory)
    self.residuals = residuals
    blocks = zip(curvatures.indices, rows.blocks.destinations).map { index, target in
      let curvature = curvatures[index]
      let block = (
        primal: BlockTask(curvature.primal, layout: layout),
        linear: BlockTask(curvature.linear, layout: layout)
      )
      block.primal.bind(input: "x", to: rows.inputs[index])
      block.primal.bind(input: "y", to: rows.targets[index])
      block.primal.bind(flat: weights)
      block.primal.bind(residuals: residuals[index])
      block.linear.bindOutputs(flat: accumulators[target], layout: layout)
      let places = block.primal.places(
        of: curvature.linearization.residuals,
        inputs: layout.inputs(x: rows.inputs[index], y: rows.targets[index], flat: weights),
        room: residuals[index])
      block.linear.bind(residuals: places)
      return block
    }
  }

  /// Moves to new weights, which are copied; what is there already is not computed again.
  func linearize(at weights: Vector<Scalar>) {
    guard !(isLinearized && weights.hasSameBits(as: self.weights)) else { return }
    self.weights.copy(from: weights)
    for index in blocks.indices where residuals.isKept(index) { blocks[index].primal.run() }
    isLinearized = true
  }

  /// Moves to new weights and leaves the gradient there in accumulator 0, as a pass for it does; what both need is
  /// computed once.
  func linearizeWithGradient(at weights: Vector<Scalar>, task: LearningTask) throws -> BatchLoss {
    isLinearized = false
    self.weights.copy(from: weights)
    let pass =
      try gradientPass
      ?? LossPass(
        rows, executables: executables, gradient: true, residuals: residuals, task: task,
        accumulators: accumulators, group: group)
    gradientPass = pass
    let loss = try pass.run(at: self.weights)
    isLinearized = true
    return loss
  }

  /// Whether the rows of a batch have their place here.
  func fits(_ batch: Batch) -> Bool {
    switch batch {
    case .full: !isStaged
    case .examples(let indices): isStaged && indices.count == rows.blocks.examples
    }
  }

  /// Whether nothing has to be computed to be there.
  func isLinearized(at weights: Vector<Scalar>, over batch: Batch) -> Bool {
    if case .examples(let indices) = batch, indices != gathered { return false }
    return isLinearized && weights.hasSameBits(as: self.weights)
  }

  /// Takes the rows of a batch, unless they are there already.
  func gather(_ batch: Batch, from examples: Examples<Scalar>) {
    guard case .examples(let indices) = batch, indices != gathered else { return }
    rows.gather(indices, from: examples)
    gathered = indices
    isLinearized = false
  }

  /// Binds the vector that products are taken with.
  func bind(_ direction: Vector<Scalar>) {
    guard direction !== self.direction else { return }
    for block in blocks { block.linear.bind(flat: direction) }
    self.direction = direction
  }

  /// Leaves the sum over the batch of the Hessian's products with a direction in accumulator 0.
  func product(with direction: Vector<Scalar>) throws {
    bind(direction)
    try rows.blocks.sum(in: accumulators, over: group) { index in
      if !residuals.isKept(index) { blocks[index].primal.run() }
      blocks[index].linear.run()
    }
  }
}

extension CurvaturePass {
  /// The sums over the batch of Hessian products along directions, then of third derivatives along pairs of them.
  func thirdDerivatives(along directions: [Vector<Scalar>], pairs: [(Int, Int)]) throws -> Vector<Scalar> {
    let pass =
      thirdDerivatives ?? ThirdDerivativePass(rows, executables: executables, group: group)
    thirdDerivatives = pass
    return try pass.run(at: weights, along: directions, pairs: pairs)
  }
}

extension BlockTask {
  /// Binds the outputs of a primal program that are residuals.
  func bind(residuals room: [Int: VectorSlice<Scalar>]) {
    for (source, slice) in room { bind(output: Program.residualName(source), to: slice) }
  }

  /// Binds the inputs that are residuals, which have the names `r0`, `r1` and so on; those that the program has.
  func bind(residuals places: [VectorSlice<Scalar>]) {
    for (number, slice) in places.enumerated() { bind(input: "r\(number)", to: slice) }
  }

  /// Where the residuals of a block are: in what its primal program, whose task this is, reads, by name, or in the `room` that
  /// it writes, by output of the program that keeps all its outputs.
  func places(
    of sources: [Linearization.Residual], inputs: [String: VectorSlice<Scalar>],
    room: [Int: VectorSlice<Scalar>]
  ) -> [VectorSlice<Scalar>] {
    sources.map { source in
      let slice: VectorSlice<Scalar>? =
        switch source {
        case .input(let index): inputs[executable.program.inputs[index].name]
        case .output(let index): room[index]
        }
      guard let slice else { preconditionFailure("A residual is neither data, parameter nor computed.") }
      return slice
    }
  }
}

extension ParameterLayout {
  /// What programs of a block read, by name: data, and the parts of a flat vector.
  func inputs<Scalar>(
    x: VectorSlice<Scalar>, y: VectorSlice<Scalar>, flat: Vector<Scalar>
  ) -> [String: VectorSlice<Scalar>] {
    let parameters = segments.map { ($0.name, flat.slice($0.range)) }
    return ["x": x, "y": y].merging(parameters) { first, _ in first }
  }
}
