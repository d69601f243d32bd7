public import Jobs
public import Problems
import Training

/// The order of runs that start from the states of others: those others come first.
public struct BranchOrder {
  private let plan: SweepPlan
  private let files: RunFiles

  /// Looks at a plan and at the states kept in a directory.
  public init(_ plan: SweepPlan, _ directory: OutputDirectory) {
    self.plan = plan
    files = directory.runFiles
  }

  /// Refuses a plan in which a run starts from a state that is not there, and that no run of the plan will keep.
  public func check() throws(Problem) {
    let origins = plan.runs.compactMap(\.origin)
    if origins.isEmpty { return }
    let keepers = Set(plan.runs.filter(\.keepsState).map(\.id))
    let kept = try files.keptStates()
    var seen: Set<RunOrigin> = []
    for origin in origins where seen.insert(origin).inserted {
      let willKeep = keepers.contains(origin.run ?? "")
      // Of a state that is still to come the step is not known.
      if willKeep, origin.step == nil || kept.allSatisfy({ $0.run != origin.run }) { continue }
      _ = try files.origin(origin, among: kept)
    }
  }

  /// Why a run waits in vain: the run it starts from was not computed now, or has ended without keeping its state.
  func obstacle(to run: Int) -> String {
    let source = plan.runs[run].origin?.run ?? ""
    return
      "init.run: \(source) has kept no state; compute that run first, or again in another directory where it has ended "
      + "already (it keeps none where it failed or diverged)"
  }

  /// Parts runs, given by their indices, into those that can start and those that wait for a state.
  func parted(_ pending: [Int]) throws(Problem) -> (ready: [Int], waiting: [Int]) {
    let branches = pending.filter { plan.runs[$0].origin != nil }
    if branches.isEmpty { return (pending, []) }
    let kept = Set(try files.keptStates().map(\.run))
    let waiting = Set(branches.filter { !kept.contains(plan.runs[$0].origin?.run ?? "") })
    return (pending.filter { !waiting.contains($0) }, pending.filter(waiting.contains))
  }
}
