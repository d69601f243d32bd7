import Foundation
import Jobs
import MPI
import Training

/// Thrown inside a run to leave it: its group is dissolved.
struct GroupDissolved: Error {}

/// What every rank does: wait for an order, carry it out, report; and meanwhile look after its neighbour.
///
/// Rank 0 takes its orders from itself, and coordinates all between two looks at them.
final class WorkerLoop {
  private let link: RankLink
  private let worker: RunWorker
  private let places: RankPlaces
  private let duty: () throws -> Bool
  private var desk = WorkerDesk()
  private var watch: NeighbourWatch
  private var watchPace = Pace(.seconds(1))
  private var lifePace = Pace(.seconds(Vigil.signOfLife))

  /// How often a rank at work looks at what else there is.
  private static let pace = Duration.milliseconds(5)
  /// The same for rank 0, for whom others wait that have ended a run and have nothing in line.
  private static let paceOfRank0 = Duration.milliseconds(1)

  /// - Parameters:
  ///   - link: the connection to the others.
  ///   - worker: who computes.
  ///   - places: where all ranks are.
  ///   - duty: what this rank has to do besides, often; it says whether there was anything.
  init(
    link: RankLink, worker: RunWorker, places: RankPlaces, duty: @escaping () throws -> Bool = { false }
  ) {
    (self.link, self.worker, self.places, self.duty) = (link, worker, places, duty)
    watch = NeighbourWatch(places, rank: link.rank)
  }

  /// Works until rank 0 ends the session, or until `isOver`.
  ///
  /// - Returns: how to end; nil where the work is over that this rank itself knows the end of.
  func run(until isOver: () -> Bool = { false }) throws -> Farewell? {
    var backoff = PollingBackoff.idle
    while desk.farewell == nil, !isOver() {
      let wasBusy = try attend()
      if let next = desk.next {
        try compute(next.run, next.assignment)
        backoff.reset()
      } else if wasBusy {
        backoff.reset()
      } else {
        backoff.pause()
      }
    }
    return desk.farewell
  }

  /// Does all that does not belong to the run under way.
  ///
  /// - Returns: whether there was anything.
  private func attend() throws -> Bool {
    var wasBusy = try duty()
    if lifePace.isDue() { try link.send(.alive) }
    try writeRuns(onlyIfDue: true)
    while desk.next == nil, desk.farewell == nil, let order = try link.nextOrder() {
      wasBusy = true
      try carryOut(desk.take(order))
    }
    // Last, since what rank 0 has said before its end counts.
    if desk.farewell == nil, watchPace.isDue() { try lookAfterNeighbour() }
    return wasBusy
  }

  private func carryOut(_ tasks: [WorkerDesk.Task]) throws {
    for task in tasks {
      switch task {
      case .flush: try writeRuns(onlyIfDue: false)
      case .report(let report): try link.send(report)
      }
    }
  }

  private func compute(_ run: RunConfiguration, _ assignment: GroupAssignment) throws {
    desk.begin()
    let isLeader = assignment.leader == link.rank
    var pace = Pace(link.rank == 0 && link.size > 1 ? Self.paceOfRank0 : Self.pace)
    var reportPace = Pace(ReportInterval.reports)
    do {
      let ending = try worker.compute(run, assignment) { [self] progress in
        guard pace.isDue() else { return desk.isPausing }
        _ = try attend()
        if desk.isLeaving { throw GroupDissolved() }
        if isLeader && reportPace.isDue() {
          try link.send(.progress(assignment: assignment.number, progress()))
        }
        return desk.isPausing
      }
      if isLeader { try link.send(ending.report(of: assignment)) }
    } catch is GroupDissolved {
    } catch let error as MPIError {
      // Not this run's fault, and perhaps not even its messages: orders and reports are handled inside it.
      throw error
    } catch {
      try link.send(.failed(assignment: assignment.number, RunFailure(error)))
    }
    try carryOut(desk.end())
  }

  /// Writes the runs that wait, and tells rank 0 which are on disk or lost; neither is a matter of the run under way.
  private func writeRuns(onlyIfDue: Bool) throws {
    do {
      let written = try onlyIfDue ? worker.collector.flushIfDue() : worker.collector.flush()
      if !written.isEmpty { try link.send(.written(assignments: written)) }
    } catch let lost as UnwrittenRuns {
      try link.send(.unwritten(assignments: lost.assignments, RunFailure(lost.cause)))
    }
  }

  /// Tells rank 0 of a neighbour that is dead; where that is rank 0, this rank tells all others to end.
  private func lookAfterNeighbour() throws {
    for rank in watch.newlyDead() {
      link.forget(rank)
      if rank != 0 {
        try link.send(.dead(rank: rank))
      } else {
        // Another may have noticed it too, and have said so before it left.
        while desk.farewell == nil, let order = try link.nextOrder() { _ = desk.take(order) }
        if desk.farewell != nil { return }
        for other in places.all.indices.dropFirst() where other != link.rank {
          try link.send(.stop(.orphaned(noticedBy: link.rank)), to: other)
        }
        try link.drain(for: 5)
        _ = desk.take(.stop(.orphaned(noticedBy: link.rank)))
      }
    }
  }
}

extension RunEnding {
  /// What the leader tells rank 0.
  func report(of assignment: GroupAssignment) -> Report {
    switch self {
    case .ended(let summary): .ended(assignment: assignment.number, summary)
    case .saved(let summary): .saved(assignment: assignment.number, summary)
    }
  }
}

/// How often the steps done are told.
enum ReportInterval {
  /// In `progress.json`: every 3 s, or what `EOS_SWEEP_EVENT_SECONDS` says.
  static let progress: Duration = {
    let text = ProcessInfo.processInfo.environment["EOS_SWEEP_EVENT_SECONDS"]
    return .seconds(text.flatMap(Double.init) ?? 3)
  }()

  /// By leaders to rank 0, which judges the speed by them.
  static let reports = min(progress, .milliseconds(500))
}
