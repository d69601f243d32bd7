import Jobs
import TestSupport

@testable import Shards
@testable import Sweep
@testable import Training

/// A session of a sweep in a simulated world, in rounds as a real one.
final class TwinSession {
  let world: SimulatedWorld
  let log = TwinLog()
  let coordinator: Coordinator
  private let sweep: SelectedRuns

  /// Nobody waits longer than this, in seconds.
  static let limit = 5000.0

  init(
    _ sweep: SelectedRuns, ranks: Int, weather: SimulatedWorld.Weather, deadline: Double? = nil,
    longestInLine: Double = 0, seed: UInt64
  ) {
    self.sweep = sweep
    let world = SimulatedWorld(sweep.plan, ranks: ranks, weather: weather, seed: seed)
    self.world = world
    let places = RankPlaces((0..<ranks).map { RankPlace.here(rank: $0) })
    let indices = Dictionary(uniqueKeysWithValues: sweep.plan.runs.enumerated().map { ($1.id, $0) })
    var times = SessionTimes(horizon: Horizon(deadline: deadline))
    times.longestInLine = longestInLine
    coordinator = Coordinator(
      sweep, stepsSaved: [:], times: times,
      workers: SweepSession.workers(of: ranks), places: places, transport: SimulatedTransport(world),
      log: log, vigil: Vigil(ranks: ranks, patience: 4),
      stopRequest: { [unowned world] in world.stopRequest },
      keep: { [unowned world] record, assignment in
        world.keep(indices[record.id] ?? -1, assignment: assignment)
      })
    world.coordinator = coordinator
  }

  /// Runs the session to its end.
  ///
  /// - Returns: whether it came to one.
  func run() throws -> Bool {
    var ready = Array(sweep.plan.runs.indices)
    var isFirst = true
    repeat {
      try coordinator.begin(ready)
      if isFirst { try world.coordinate() }
      isFirst = false
      guard try world.run(until: Self.limit, isOver: { coordinator.isOver }) else { return false }
      ready =
        coordinator.hasLosses
        ? ready.filter { !world.written.contains($0) && !coordinator.failed.contains($0) } : []
    } while !ready.isEmpty && coordinator.mayGoOn
    return true
  }

  /// Everything that went wrong.
  func complaints(hasEnded: Bool) -> [String] {
    var complaints = world.complaints + log.complaints
    if hasEnded, !coordinator.inLine.isEmpty { complaints.append("\(coordinator.inLine) stay in line") }
    if !hasEnded { return complaints + ["it hangs at \(world.now) s: \(coordinator)"] }
    let runs = Set(sweep.plan.runs.indices)
    let isWhole = coordinator.stopTime == nil && coordinator.obstacle == nil
    let left = runs.subtracting(world.written).subtracting(coordinator.failed)
    if isWhole, !left.isEmpty { complaints.append("\(left.sorted()) were neither computed nor failed") }
    if isWhole, !coordinator.failed.isSubset(of: world.writtenFailed) {
      complaints.append(
        "failed runs were not recorded: \(coordinator.failed.subtracting(world.writtenFailed))")
    }
    let isLost = world.weather.fullDisk < .infinity || coordinator.isHurried || log.hasLeft
    for run in log.ended where !world.written.contains(run) && !isLost && !world.touched.contains(run) {
      complaints.append("run \(run) was said to have ended, and is not on disk")
    }
    for run in runs.subtracting(world.touched) where !isLost && coordinator.obstacle == nil {
      let steps = sweep.plan.runs[run].stop.steps
      if world.stepsDone[run, default: 0] > steps { complaints.append("steps of run \(run) were done twice") }
    }
    let own = Set(world.weather.failures.filter { !$0.value.isOfMachine }.keys)
    let killers = Set(world.weather.killers.keys)
    if !coordinator.failed.isSubset(of: own.union(killers).union(log.lostThrice)) {
      complaints.append("others failed than were to: \(coordinator.failed)")
    }
    return complaints
  }
}

/// Counts what a coordinator says.
final class TwinLog: CoordinatorLog {
  private var underWay: [Int: Int] = [:]
  private var losses: [Int: Int] = [:]
  private(set) var ended: [Int] = []
  private(set) var complaints: [String] = []
  private(set) var hasLeft = false
  private(set) var events: [(kind: SweepEvent.Kind, ranks: [Int], message: String)] = []
  private(set) var failures: [(run: Int, message: String)] = []

  /// The runs that lost their group at least three times.
  var lostThrice: Set<Int> { Set(losses.filter { $0.value >= 3 }.keys) }

  func started(_ assignment: GroupAssignment) {
    if underWay.values.contains(assignment.run) { complaints.append("run \(assignment.run) began twice") }
    underWay[assignment.number] = assignment.run
  }
  private func leave(_ assignment: GroupAssignment) {
    if underWay.removeValue(forKey: assignment.number) == nil {
      complaints.append("run \(assignment.run) was left without having begun")
    }
  }
  func progressed(_ assignment: GroupAssignment, _ progress: RunProgress) {}
  func ended(_ assignment: GroupAssignment, _ summary: RunSummary) {
    leave(assignment)
    ended.append(assignment.run)
  }
  func saved(_ assignment: GroupAssignment, _ summary: RunSummary) { leave(assignment) }
  func failed(_ assignment: GroupAssignment, message: String) {
    underWay[assignment.number] = nil
    failures.append((assignment.run, message))
    if failures.count(where: { $0.run == assignment.run }) > 1 {
      complaints.append("run \(assignment.run) failed twice")
    }
  }
  func interrupted(_ assignment: GroupAssignment) {
    leave(assignment)
    losses[assignment.run, default: 0] += 1
  }
  func pausing(_ reason: String, running: Int) {}
  func ranks(_ kind: SweepEvent.Kind, _ ranks: [Int], message: String) {
    events.append((kind, ranks, message))
  }
  func note(_ sentence: String) { if sentence.contains("unsaved") { hasLeft = true } }
  func showProgress(running: Int, isSaving: Bool, remaining: () -> Double) {}
}
