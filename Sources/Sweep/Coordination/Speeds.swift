import Jobs
import Training

/// How fast the ranks are, as sessions saw it: what the next session and `plan` begin with.
struct Speeds: Sendable {
  /// What one rank takes for work of cost 1, over all kinds of runs.
  var secondsPerCost = 5e-11
  /// The same for some kinds, by the id of one run of each.
  var ofKinds: [String: Double] = [:]
  /// Seconds from the order to start a run until it is under way.
  var starting = 0.5

  /// What sessions saw, the later ones' word against that of earlier ones; a guess where there are none.
  init(_ sessions: [Manifest.Session]) {
    for session in sessions {
      secondsPerCost = session.secondsPerCost ?? secondsPerCost
      ofKinds.merge(session.secondsPerCostOfKinds ?? [:]) { $1 }
      starting = session.startingSeconds ?? starting
    }
  }

  /// What is known of every kind of run of a plan.
  func known(_ plan: SweepPlan, _ costs: PlanCosts) -> [Double?] {
    var known = [Double?](repeating: nil, count: costs.firstOfKind.count)
    guard !ofKinds.isEmpty else { return known }
    for run in plan.runs.indices {
      if let seconds = ofKinds[plan.runs[run].id] { known[costs.kind(run)] = seconds }
    }
    return known
  }

  /// The same with what a scheduler has seen since.
  func learning(from model: CostModel, _ plan: SweepPlan, _ costs: PlanCosts) -> Speeds {
    var speeds = self
    speeds.secondsPerCost = model.secondsPerCost
    speeds.starting = model.starting
    for (kind, run) in costs.firstOfKind.enumerated() {
      guard let seconds = model.secondsPerCost(ofKind: kind) else { continue }
      speeds.ofKinds[plan.runs[run].id] = seconds
    }
    return speeds
  }
}
