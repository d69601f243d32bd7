import LinearAlgebra
import ProgramExecutor
import TensorProgram

/// Computes Hessian products over a batch, block by block, at the weights where it was last linearised.
///
/// The residuals of every block are kept from one linearisation to the next.
final class CurvaturePass<Scalar: RealScalar> {
  let rows: BatchRows<Scalar>
  private let accumulators: [Vector<Scalar>]
  private let group: any GroupReduction
  private let weights: Vector<Scalar>
  /// What runs for each block.
  let blocks: [(primal: BlockTask<Scalar>, linear: BlockTask<Scalar>)]
  private var direction: Vector<Scalar>?

  /// Prepares two tasks per block of this rank; the first elements of `accumulators` take products.
  init(
    _ rows: BatchRows<Scalar>, executables: BlockExecutables<Scalar>, accumulators: [Vector<Scalar>],
    group: any GroupReduction
  ) throws {
    self.rows = rows
    self.accumulators = accumulators
    self.group = group
    let layout = executables.programs.model.layout
    let weights = Vector<Scalar>(count: layout.count)
    self.weights = weights
    blocks = try zip(rows.blocks.ranges.indices, rows.blocks.destinations).map { index, target in
      let curvature = try executables.curvature(rows.blocks.ranges[index].count)
      let block = (
        primal: BlockTask(curvature.primal, layout: layout),
        linear: BlockTask(curvature.linear, layout: layout)
      )
      block.primal.bind(input: "x", to: rows.inputs[index])
      block.primal.bind(input: "y", to: rows.targets[index])
      block.primal.bind(flat: weights)
      block.linear.bindOutputs(flat: accumulators[target], layout: layout)
      curvature.bindResiduals(
        from: block.primal, to: block.linear,
        inputs: ["x": rows.inputs[index], "y": rows.targets[index]].merging(
          layout.segments.map { ($0.name, weights.slice($0.range)) }, uniquingKeysWith: { first, _ in first })
      )
      return block
    }
  }

  /// Moves to new weights, which are copied.
  func linearize(at weights: Vector<Scalar>) {
    self.weights.copy(from: weights)
    for block in blocks { block.primal.run() }
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
    try rows.blocks.sum(in: accumulators, over: group) { blocks[$0].linear.run() }
  }
}

extension BlockExecutables.Curvature {
  /// Connects the residual inputs of the linear task with what the primal one writes, or reads itself.
  fileprivate func bindResiduals(
    from primal: BlockTask<Scalar>, to linear: BlockTask<Scalar>, inputs: [String: VectorSlice<Scalar>]
  ) {
    let program = linearization.primal
    var written: [Int: VectorSlice<Scalar>] = [:]
    for (index, residual) in linearization.residuals.enumerated() {
      let input = linearization.tangentCount + index
      switch residual {
      case .input(let source):
        guard let slice = inputs[program.inputs[source].name] else {
          preconditionFailure("The primal program has an input that is no data and no parameter.")
        }
        linear.bindings.bind(input: input, to: slice)
      case .output(let source):
        let port = program.outputs[source]
        let slice = written[source] ?? Vector(count: program.type(of: port.value).count).all
        written[source] = slice
        primal.bind(output: port.name, to: slice)
        linear.bindings.bind(input: input, to: slice)
      }
    }
  }
}
