import Console
import Datasets
import Flows
package import Jobs
import Learning
import LinearAlgebra
import Optimizers
import Probes
import Spectra

/// The memory that a rank needs for a run by itself, in bytes, as far as its configuration tells.
package struct RunMemory: Sendable {
  /// The examples, of which the ranks of a node share one copy.
  package let data: Int
  /// Weights, gradient, its sum over blocks, and what the optimizer carries: taken in any case.
  package let least: Int
  /// The vectors of the eigensolver, in searches as long as they are expected to be.
  package private(set) var eigensolver = 0
  /// Copies of a batch's examples, intermediate values of a block, and sums of parts of a batch.
  package let blocks: Int
  /// What is kept from one Hessian product to the next.
  package private(set) var residuals = 0
  /// What a flow carries, and its third derivatives.
  package let flow: Int
  /// The trajectory.
  package private(set) var recording: Int
  /// Weights kept along the way, and sketches of them, to the end of the run: about as many bytes of its results.
  package let kept: Int

  /// What the program itself and its libraries take.
  package static let program = 32 << 20

  /// Works it out; compiles the programs of a block for it.
  ///
  /// - Throws: What is wrong with the network.
  init(_ run: RunConfiguration, data facts: DataFacts, residualMemory: Int) throws {
    let model = try run.model.makeModel(
      features: facts.features, outputs: facts.outputs, image: facts.image)
    let isFloat = run.precision == .float
    let (number, width) = (isFloat ? 4 : 8, facts.features + facts.outputs)
    let vector = model.layout.count * number
    data = (facts.examples + facts.summary.testExamples) * width * number
    least = 3 * vector + Int(Double(vector) * run.optimizer.stateVectors)
    recording = min(run.stop.steps, 1_000_000) * (run.process == nil ? 32 : 160)
    kept = run.keptNumbers(parameters: model.layout.count).saturatingBytes

    let (batch, measured) = (
      run.batchSize.count(of: facts.examples), run.measure.count(of: facts.examples)
    )
    func compiled(_ examples: Int) throws -> BlockMemory {
      isFloat
        ? try BlockMemory(
          model, run.loss, features: facts.features, outputs: facts.outputs, examples: examples,
          scalar: Float.self)
        : try BlockMemory(
          model, run.loss, features: facts.features, outputs: facts.outputs, examples: examples,
          scalar: Double.self)
    }
    let block = try compiled(min(run.blockSize, batch))
    let count = CanonicalTree.blockCount(of: batch, size: run.blockSize)
    let staged = (batch < facts.examples ? batch : 0) + (measured < facts.examples ? measured : 0)
    blocks =
      block.intermediates + staged * width * number
      + (CanonicalTree.accumulators(for: 0..<count) - 1) * vector
    flow = vector * run.flowVectors(accumulators: CanonicalTree.accumulators(for: 0..<count))
    guard run.measure.every != nil || run.process != nil else { return }
    let kept = CanonicalTree.blockCount(of: measured, size: run.blockSize) * block.residuals
    residuals = max(min(kept, residualMemory), block.residuals)
    eigensolver = vector * run.expectedVectors
    recording += run.measure.every.map { min(run.stop.steps / $0 + 1, 1_000_000) * 240 } ?? 0
  }

  /// All of it but the data.
  package var expected: Int {
    least + eigensolver + flow + blocks + residuals + recording + keptAtEnd + Self.program
  }

  /// What is kept, gathered for a record, and once more while that is written.
  private var keptAtEnd: Int { 3 * kept }
}

extension RunMemory {
  /// In words: `312 MiB (weights and optimizer 52, ...)`.
  package var summary: String {
    let parts = [
      ("weights and optimizer", least), ("eigensolver", eigensolver), ("flow", flow),
      ("residuals", residuals), ("blocks", blocks), ("trajectory", recording),
      ("weights kept and sketches", keptAtEnd), ("the program", Self.program),
    ]
    let shown = parts.filter { $0.1 >= 1 << 20 }.map { "\($0.0) \(Format.bytes($0.1))" }
    return "\(Format.bytes(expected)) (\(shown.joined(separator: ", ")))"
  }
}

extension RunConfiguration {
  /// The numbers of the weights that are kept along the way, and of their sketches.
  fileprivate func keptNumbers(parameters: Int) -> Double {
    func times(_ interval: Int) -> Double { (Double(stop.steps) / Double(interval)).rounded(.up) }
    let weights = keptWeights.interval.map { times($0) * Double(parameters) } ?? 0
    guard let every = measure.every, measure.sketchInterval != nil else { return weights }
    // Measurements without a sketch have room for one as well until they are written.
    return weights + times(every) * Double(Sketch.count(of: parameters))
  }

  /// The vectors that measuring takes, of the length of the weights.
  ///
  /// A cold search takes about ten directions for each pair that it wants and for the next, each with its image; where that
  /// fills the basis, a restart writes what it keeps beside it. Every search leaves vectors, predictions and a guard to the
  /// next. The preconditioned operator has three vectors, the point of the Hessian one, the way since the last measurement three,
  /// and what the optimizer carries is copied before a measurement.
  fileprivate var expectedVectors: Int {
    let (top, basis) = (measure.top, measure.spectra.solver.maximumBasis)
    let directions = min(10 * (top + 1), basis, measure.maximumProducts)
    let kept = directions == basis ? top + (basis - top) / 3 : 0
    let searches = (measure.preconditioned && optimizer.isAdaptive ? 2 : 1) + (measure.smallest ? 1 : 0)
    let carried = Int(optimizer.stateVectors.rounded(.up))
    return 2 * (directions + kept) + top + 1 + (2 * top + 1) * searches + 7 + carried
  }
}

extension RunConfiguration {
  /// The vectors that a flow takes beside those of its optimizer: a point of its own with gradient and moments, what was
  /// carried before the step, and for third derivatives with two critical directions the sums of every direction and pair.
  fileprivate func flowVectors(accumulators: Int) -> Int {
    guard let process else { return 0 }
    let point = 8 + 2 * Int(optimizer.stateVectors.rounded(.up))
    return process == .centralFlow ? point + 14 + 5 * accumulators : point
  }
}

/// The memory of the runs of a plan.
package struct PlanMemory: Sendable {
  /// Runs of a kind that also carry, measure and record as much.
  private struct Kind: Hashable {
    let run: RunKind
    let optimizer: OptimizerConfiguration
    /// What is measured and for how long.
    let numbers: [Int]
  }

  /// That of each kind of run.
  package let runs: [RunMemory]
  /// What all runs together leave in weights along their way and in sketches, in bytes.
  package let stored: Int
  /// How many different data sets the runs have.
  private let dataSets: Int

  /// Works it out for the runs at some indices of a plan whose data has been checked.
  package init(_ plan: SweepPlan, of indices: some Sequence<Int>) throws {
    var (known, stored): ([Kind: RunMemory], Double) = ([:], 0)
    var names: Set<DataConfiguration> = []
    for run in indices.map({ plan.runs[$0] }) {
      let kind = Kind(
        run: RunKind(run), optimizer: run.optimizer,
        numbers: [
          run.stop.steps, run.measure.every ?? 0, run.measure.top, run.measure.maximumProducts,
          run.measure.smallest ? 1 : 0, run.measure.preconditioned ? 1 : 0, run.keptWeights.interval ?? 0,
          run.measure.sketchInterval ?? 0,
        ])
      if known[kind] == nil, let facts = plan.dataFacts[run.data] {
        known[kind] = try RunMemory(run, data: facts, residualMemory: plan.residualMemory)
        names.insert(run.data)
      }
      stored += Double(known[kind]?.kept ?? 0)
    }
    (runs, dataSets) = (Array(known.values), names.count)
    self.stored = Int(min(stored, 0x1p62))
  }

  /// What a rank needs at most beside the data.
  package var perRank: RunMemory? { runs.max { $0.expected < $1.expected } }

  /// What is held of the data, once on each node: two data sets where the runs have several.
  package var data: Int { (runs.map(\.data).max() ?? 0) * min(dataSets, 2) }

  /// What so many ranks of a node are expected to need together.
  package func expected(ranks: Int) -> Int { ranks * (perRank?.expected ?? 0) + data }

  /// What so many of them hold of weights that are kept and sketches, in any case.
  package func kept(ranks: Int) -> Int {
    max(runs.map(\.kept).max() ?? 0, ranks * (runs.map(\.kept).min() ?? 0))
  }

  /// What they need in any case, so many of them at a time being at work.
  package func least(ranks: Int) -> Int {
    let one = runs.map { $0.least + $0.data }.max() ?? 0
    let all = ranks * (runs.map(\.least).min() ?? 0) + (runs.map(\.data).min() ?? 0)
    return max(one, all)
  }
}

extension Double {
  /// The bytes of so many numbers; more than any machine has where they are beyond counting.
  fileprivate var saturatingBytes: Int { Int(min(8 * self, 0x1p50)) }
}
