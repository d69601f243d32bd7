import Jobs
import MPI
import Problems
import Sweep

/// What a session is about, for the rank that leads it and its last words.
struct Ticket {
  /// What every rank is told.
  var terms: SessionTerms
  /// The one run to compute, if only one is asked for.
  var only: String?

  var path: String { terms.path }
  var directory: OutputDirectory { terms.directory }

  /// Indices of the runs to compute.
  func select(from plan: SweepPlan) throws -> Set<Int> {
    guard let only else { return Set(plan.runs.indices) }
    if only.isEmpty {
      throw Problem(
        "--only", "the id is empty", remedy: "was a variable not set? eos-sweep plan lists the ids")
    }
    let ids = plan.runs.map(\.id)
    if let exact = ids.firstIndex(of: only) { return [exact] }
    let matches = ids.indices.filter { ids[$0].hasPrefix(only) }
    guard matches.count == 1 else {
      let what =
        matches.isEmpty ? "no run of this job begins so" : "\(matches.count) runs of this job begin so"
      throw Problem("--only \(only)", what, remedy: "eos-sweep plan lists the ids")
    }
    return Set(matches)
  }

  /// Begins the session; collective over all ranks.
  static func begin(_ terms: SessionTerms, _ places: RankPlaces) throws -> SweepSession {
    try SweepSession(
      terms, at: places, provenance: ProvenanceCollector.collect(ranks: Communicator.world().size))
  }
}
