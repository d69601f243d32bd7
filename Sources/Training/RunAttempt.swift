package import Datasets
import Files
package import Jobs
package import Learning
package import LinearAlgebra
package import Shards

/// What one session made of a run.
package enum RunResult {
  /// It has ended; the record is whole on the first member of the group.
  case ended(RunRecord)
  /// The group has left it after so many steps; what it needs to go on is saved.
  case saved(steps: Int)
}

/// The work of one session on one run, as one member of its group: takes the run up where it was left, trains and saves
/// it now and then.
package struct RunAttempt {
  private let run: RunConfiguration
  private let rule: CheckpointRule
  private let files: RunFiles
  private let provenance: Provenance
  private let reduction: any GroupReduction
  private var checkpoints: CheckpointFiles
  private var pace: CheckpointPace
  private var sessions: [RunSession] = []
  private let clock = ContinuousClock()
  private let began: ContinuousClock.Instant
  /// What the user should know, in sentences without a full stop.
  package private(set) var notes: [String] = []

  /// Prepares the work of one member.
  package init(
    _ run: RunConfiguration, saving rule: CheckpointRule, in files: RunFiles, provenance: Provenance,
    reduction: any GroupReduction
  ) {
    (self.run, self.rule, self.files) = (run, rule, files)
    (self.provenance, self.reduction) = (provenance, reduction)
    checkpoints = CheckpointFiles(files.checkpoints, run: run.id)
    pace = CheckpointPace(rule)
    began = clock.now
  }

  private var isLeader: Bool { reduction.rank == 0 }

  /// Trains the run on its data to its end, or until the group leaves it.
  ///
  /// - Parameters:
  ///   - data: the examples.
  ///   - programs: what was compiled for other runs.
  ///   - residualMemory: the bytes that may be kept from one Hessian product to the next.
  ///   - progress: called before every step with who knows how far the run is; may throw to leave the run at once.
  /// - Returns: the record of a run that has ended, or how far it was saved.
  /// - Throws: what makes the run impossible; what `progress`, the group and writing files throw.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  package mutating func compute<Scalar: RealScalar>(
    _ data: Dataset<Scalar>, programs: ProgramCache<Scalar> = ProgramCache(), residualMemory: Int,
    progress: (any ProgressSource) throws -> Void
  ) throws -> RunResult {
    do {
      let experiment = try Experiment(
        run, data: data, programs: programs, reduction: reduction, residualMemory: residualMemory)
      let steps = DiscreteSteps<Scalar>(run, shapes: experiment.model.layout.segments.map(\.shape))
      guard let flow = run.process else { return try compute(experiment, steps, progress) }
      return try compute(experiment, FlowCourse(flow, after: steps, of: experiment), progress)
    } catch is GroupLeaving {
      // Before the first step there is nothing new to save.
      return .saved(steps: sessions.last?.firstStep ?? 0)
    }
  }

  private mutating func compute<Course: Dynamics>(
    _ experiment: Experiment<Course.Scalar>, _ dynamics: Course,
    _ progress: (any ProgressSource) throws -> Void
  ) throws -> RunResult {
    let trainer = try Trainer(experiment, dynamics: dynamics)
    try start(trainer)
    let ending = try trainer.train {
      try progress(trainer)
      if pace.isDue(after: trainer.step) { try save(trainer) }
    }
    return try close(trainer, ending)
  }

  /// Seconds that the run has taken, over all sessions.
  package var seconds: Double { sessions(upTo: 0).reduce(0) { $0 + $1.seconds } }

  // MARK: - Beginning

  private mutating func start<Course: Dynamics>(_ trainer: Trainer<Course>) throws {
    var start = RunStart()
    if isLeader {
      start = try RunStartFinder(run: run, files: files, numerics: provenance.numerics).find(&checkpoints)
      start.state.texts["kind"] = start.kind.rawValue
    }
    let state = try reduction.share(start.state)
    let kind = RunStart.Kind(rawValue: state.texts["kind"] ?? "") ?? .new
    try take(kind, state, trainer)
    notes += start.notes
    if let record = start.record { trainer.resume(Recording(record)) }
    if kind != .branch { sessions = [RunSession](json: state.texts["sessions"] ?? "") }
    sessions.append(RunSession(firstStep: trainer.step, ranks: reduction.size, provenance: provenance))
    pace.saved(at: trainer.step)
  }

  private func take<Course: Dynamics>(
    _ kind: RunStart.Kind, _ saved: SavedState, _ trainer: Trainer<Course>
  ) throws {
    guard kind != .new else { return }
    let isSameNetwork = saved.texts["network"] == trainer.experiment.network
    let state = isSameNetwork ? CarriedState<Course.Scalar>(saved) : nil
    let isTaken = state.map {
      kind == .branch
        ? trainer.branch(from: $0, onlyWeights: run.origin?.part == .weights) : trainer.restore($0)
    }
    if isTaken == true { return }
    if kind == .branch {
      throw RunError(
        "init.run: the state of \(run.origin?.run ?? "another run") is one of another network or precision; choose a run with the "
          + "same model, data and precision")
    }
    throw RunError(
      "a saved state of \(run.id) does not fit the run; remove its files in \(files.checkpoints)")
  }

  // MARK: - Saving and ending

  private mutating func save<Course: Dynamics>(_ trainer: Trainer<Course>) throws {
    pace.saved(at: trainer.step)
    guard isLeader else { return }
    try checkpoints.save(
      trainer.record(.left, sessions: sessions(upTo: trainer.step)), savedState(trainer, trainer.carried),
      provenance)
  }

  private mutating func close<Course: Dynamics>(
    _ trainer: Trainer<Course>, _ ending: TrainingEnding
  ) throws -> RunResult {
    guard ending != .left else {
      if trainer.step > 0 { try save(trainer) }
      return .saved(steps: trainer.step)
    }
    if case .ended(.halted(let halt)) = ending { notes.append("\(run.id) was halted \(halt.detail)") }
    let record =
      isLeader
      ? trainer.record(ending, sessions: sessions(upTo: trainer.recording.steps)) : RunRecord(id: run.id)
    if isLeader, run.keepsState, case .ended(.finished) = ending {
      let state = trainer.endState
      try Directory.make(files.states)
      try Checkpoint.write(
        record, state: savedState(trainer, state), provenance: provenance,
        to: files.keptState(of: run, step: state.count("step") ?? trainer.step))
    }
    return .ended(record)
  }

  private func savedState<Course: Dynamics>(
    _ trainer: Trainer<Course>, _ carried: CarriedState<Course.Scalar>
  ) -> SavedState {
    SavedState(
      carried,
      texts: [
        "numerics": provenance.numerics, "goals": run.stop.goals, "network": trainer.experiment.network,
        "sessions": sessions(upTo: trainer.step).json,
      ])
  }

  private func sessions(upTo step: Int) -> [RunSession] {
    var all = sessions
    guard let last = all.indices.last else { return all }
    (all[last].steps, all[last].seconds) = (step, began.duration(to: clock.now) / .seconds(1))
    return all
  }
}

/// When a run is saved next.
struct CheckpointPace {
  private let steps: Int?
  private var pace: Pace?
  private var lastStep = 0

  init(_ rule: CheckpointRule) {
    steps = rule.steps
    pace = rule.seconds.map { Pace(.seconds($0)) }
  }

  mutating func isDue(after step: Int) -> Bool {
    guard step > lastStep else { return false }
    if let steps, step - lastStep >= steps { return true }
    return pace?.isDue() ?? false
  }

  mutating func saved(at step: Int) {
    lastStep = step
    pace?.restart()
  }
}
