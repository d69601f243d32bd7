import Foundation
import Jobs
import MPI
import Problems
import Sweep
import Training

/// What every rank needs to take part in a sweep.
struct Ticket: Codable {
  /// The job file with all overrides applied.
  var yaml: String
  /// Its name, for error messages.
  var file: String
  /// The output directory.
  var path: String
  /// The one run to compute, if only one is asked for.
  var only: String?

  var directory: OutputDirectory { OutputDirectory(path) }

  /// Rank 0 hands the ticket to all; nil sends them home.
  static func share(_ ticket: Ticket?, over world: borrowing Communicator) throws {
    var message = try ticket.map { Array(try JSONEncoder().encode($0)) } ?? []
    try world.broadcast(&message, root: 0)
  }

  /// The other ranks' side of `share`.
  static func receive(over world: borrowing Communicator) throws -> Ticket? {
    var message: [UInt8] = []
    try world.broadcast(&message, root: 0)
    return message.isEmpty ? nil : try JSONDecoder().decode(Ticket.self, from: Data(message))
  }

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

  /// Takes part in the sweep, collectively: rank 0 gives the costs of the runs and gets the outcome.
  func compute(
    _ plan: SweepPlan, _ costs: PlanCosts? = nil, limit: TimeLimit? = nil
  ) throws -> SessionOutcome? {
    try SweepSession(
      plan: plan, selection: try select(from: plan), directory: directory,
      provenance: ProvenanceCollector.collect(ranks: Communicator.world().size), observer: ProgressLine()
    ).run(costs, limit: limit)
  }
}
