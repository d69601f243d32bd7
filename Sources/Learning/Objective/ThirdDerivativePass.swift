import LinearAlgebra
import ProgramExecutor
import TensorProgram

/// Computes Hessian products and third derivatives along several directions in one pass over a batch, block by block.
///
/// What a block's point and its directions need is kept for that block only. All results lie one after the other in the
/// accumulators, so that one reduction carries all.
final class ThirdDerivativePass<Scalar: RealScalar> {
  private let rows: BatchRows<Scalar>
  private let executables: BlockExecutables<Scalar>
  private let layout: ParameterLayout
  private let group: any GroupReduction
  private var accumulators: [Vector<Scalar>] = []
  private var tasks: [Int: Tasks] = [:]

  /// The three programs for blocks of one size, and where they put what they keep.
  private struct Tasks {
    let primal: BlockTask<Scalar>
    let direction: BlockTask<Scalar>
    let pair: BlockTask<Scalar>
    /// Where the residuals come from, and those that are computed, by output of the primal program.
    let sources: [Linearization.Residual]
    let residuals: [Int: Vector<Scalar>]
    /// What each direction needs, by output of `direction`.
    var carried: [[String: Vector<Scalar>]] = []
  }

  init(_ rows: BatchRows<Scalar>, executables: BlockExecutables<Scalar>, group: any GroupReduction) {
    (self.rows, self.executables, self.group) = (rows, executables, group)
    layout = executables.programs.model.layout
  }

  /// Leaves the sums over the batch in the returned vector: a Hessian product for each direction, then the third derivative
  /// for each pair of them.
  func run(
    at weights: Vector<Scalar>, along directions: [Vector<Scalar>], pairs: [(Int, Int)]
  ) throws -> Vector<Scalar> {
    let length = (directions.count + pairs.count) * layout.count + Passenger.count
    if accumulators.first?.count != length {
      accumulators = (0..<rows.blocks.accumulators).map { _ in Vector(count: length) }
    }
    for count in Set(rows.blocks.ranges.map(\.count)) { try prepare(count, directions.count) }
    let targets = rows.blocks.destinations
    try rows.blocks.sum(in: accumulators, over: group) { block in
      guard let tasks = tasks[rows.blocks.ranges[block].count] else { return }
      runPoint(tasks, of: block, at: weights)
      for (index, direction) in directions.enumerated() {
        run(tasks, direction, index, into: accumulators[targets[block]])
      }
      for (index, pair) in pairs.enumerated() {
        run(tasks, pair, directions, into: accumulators[targets[block]], at: directions.count + index)
      }
    }
    return accumulators[0]
  }

  private func prepare(_ examples: Int, _ directions: Int) throws {
    var tasks = try self.tasks[examples] ?? makeTasks(examples)
    let ports = tasks.direction.executable.program.outputs.dropFirst(layout.segments.count)
    while tasks.carried.count < directions {
      tasks.carried.append(
        Dictionary(
          uniqueKeysWithValues: ports.map { port in
            (port.name, Vector(count: tasks.direction.executable.program.type(of: port.value).count))
          }))
    }
    self.tasks[examples] = tasks
  }

  private func makeTasks(_ examples: Int) throws -> Tasks {
    let programs = try executables.thirdDerivative(examples)
    return Tasks(
      primal: BlockTask(programs.primal, layout: layout),
      direction: BlockTask(programs.direction, layout: layout),
      pair: BlockTask(programs.pair, layout: layout),
      sources: programs.residuals,
      residuals: programs.residualCounts.mapValues { Vector(count: $0) })
  }

  // MARK: - One block

  /// Runs the program of the point, and shows the other two where its residuals are.
  private func runPoint(_ tasks: Tasks, of block: Int, at weights: Vector<Scalar>) {
    let room = tasks.residuals.mapValues(\.all)
    let inputs = layout.inputs(x: rows.inputs[block], y: rows.targets[block], flat: weights)
    for (name, slice) in inputs { tasks.primal.bind(input: name, to: slice) }
    tasks.primal.bind(residuals: room)
    tasks.primal.run()
    let places = tasks.primal.places(of: tasks.sources, inputs: inputs, room: room)
    for task in [tasks.direction, tasks.pair] { task.bind(residuals: places) }
  }

  private func run(
    _ tasks: Tasks, _ direction: Vector<Scalar>, _ index: Int, into accumulator: Vector<Scalar>
  ) {
    tasks.direction.bind(flat: direction)
    tasks.direction.bindOutputs(flat: accumulator, layout: layout, from: index * layout.count)
    for (name, vector) in tasks.carried[index] { tasks.direction.bind(output: name, to: vector.all) }
    tasks.direction.run()
  }

  private func run(
    _ tasks: Tasks, _ pair: (Int, Int), _ directions: [Vector<Scalar>], into accumulator: Vector<Scalar>,
    at place: Int
  ) {
    for (prefix, index) in [("u.", pair.0), ("v.", pair.1)] {
      for segment in layout.segments {
        tasks.pair.bind(input: prefix + segment.name, to: directions[index].slice(segment.range))
      }
      for (name, vector) in tasks.carried[index] { tasks.pair.bind(input: prefix + name, to: vector.all) }
    }
    tasks.pair.bindOutputs(flat: accumulator, layout: layout, from: place * layout.count)
    tasks.pair.run()
  }
}
