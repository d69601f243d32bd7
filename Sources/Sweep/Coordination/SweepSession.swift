import LinearAlgebra
import MPI
import Problems
package import Shards

/// One invocation of the program on one sweep, on all ranks.
public struct SweepSession {
  private let link: RankLink
  private let places: RankPlaces
  private let terms: SessionTerms
  private let provenance: Provenance

  /// The ranks of a world that compute: in small worlds rank 0 too, in larger ones it only coordinates.
  static func workers(of worldSize: Int) -> Range<Int> { (worldSize <= 8 ? 0 : 1)..<worldSize }

  /// Prepares a session; collective over all ranks.
  ///
  /// - Parameters:
  ///   - terms: what every rank needs to know of it.
  ///   - places: where all ranks are.
  ///   - provenance: what the files are to say of this session.
  /// - Throws: what MPI throws.
  package init(_ terms: SessionTerms, at places: RankPlaces, provenance: Provenance) throws {
    self.terms = terms
    self.places = places
    self.provenance = provenance
    link = try RankLink()
    BLAS.threads = 1
  }

  /// Carries out the orders of rank 0, on another rank, until it ends the session.
  ///
  /// - Returns: How this rank is to end.
  /// - Throws: MPI's errors, which end the whole job.
  public func follow() throws -> Farewell {
    // On every rank, since launchers pass signals on to all of them; rank 0 alone acts.
    Interruption.watch()
    let worker = RunWorker(terms, link: link, board: places.board, provenance: provenance)
    let loop = WorkerLoop(link: link, worker: worker, places: places)
    return try loop.run() ?? .together
  }

  /// Computes what is left of the sweep and merges it, on rank 0 with the others.
  ///
  /// - Parameters:
  ///   - sweep: what is to be computed.
  ///   - limit: when the session has to be over.
  ///   - observer: who shows how it goes.
  /// - Returns: what happened.
  /// - Throws: a `Problem` before anything was computed, with the other ranks sent home; MPI's errors, which end the whole
  ///   job.
  public func lead(
    _ sweep: SelectedRuns, limit: TimeLimit? = nil, observer: any SessionObserver
  ) throws -> SessionOutcome {
    Interruption.watch()
    let leader = SessionLeader(sweep, terms, link, places, provenance, observer)
    do {
      let outcome = try leader.run(limit: limit)
      try dismissOthers(outcome.farewell)
      return outcome
    } catch let problem as Problem {
      try dismissOthers(.together)
      throw problem
    }
  }

  private func dismissOthers(_ farewell: Farewell) throws {
    for rank in 1..<max(link.size, 1) { try link.send(.stop(farewell), to: rank) }
    try link.drain(for: 5)
  }
}
