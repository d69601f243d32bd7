import ArgumentParser
import Console
import Datasets
import Foundation
import Glibc
import Jobs
import MPI
import Problems
import Sweep
import Training

/// The command `eos-sweep [run] [JOB.yaml] [-o DIR]`.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Compute what is left of a sweep and merge it (the default command).")

  @OptionGroup var job: JobOptions
  @OptionGroup var numeric: NumericOptions

  @Option(
    name: [.short, .long], help: "The directory of the sweep's files. Default: results/<name of the job>.")
  var output: String?

  @Option(
    help: "Compute only this run: an id, or its unambiguous beginning. The exit status is about it alone.")
  var only: String?

  @Option(
    help: ArgumentHelp(
      "Save everything and end before this time is over: 30m, 2h, HH:MM:SS or minutes. Default: the end of the SLURM job.",
      valueName: "time"))
  var timeLimit: String?

  @Flag(help: "Only check the job, its data and the directory: compute and write nothing.")
  var check = false

  /// The moment to end by, counted from the start of the program.
  private func limit() throws -> TimeLimit? {
    let seconds = try timeLimit.map { try TimeLimit.seconds($0, of: "--time-limit") }
    return TimeLimit.find(seconds, environment: Slurm.environment)
  }

  mutating func run() throws {
    let limit = try limit()
    if check { return try checkOnly() }
    // A reader that goes away must not end the sweep.
    signal(SIGPIPE, SIG_IGN)
    if !Launcher.isAlone {
      LauncherWatch.begin()
      StartWatch.begin()
    }
    let mpi = try MPIStart.begin()
    let world = Communicator.world()
    let (status, farewell): (Int, Farewell)
    do {
      if try numeric.agree(over: world) {
        let places = try RankPlaces.learn(over: world)
        (status, farewell) =
          world.rank == 0 ? try lead(world, limit, places) : (0, try follow(world, places))
      } else {
        StartWatch.end()
        (status, farewell) = (world.rank == 0 ? 2 : 0, .together)
      }
    } catch {
      Terminal.error("eos-sweep: rank \(world.rank): \(error)")
      MPIEnvironment.abort(exitCode: 1)
    }
    switch farewell {
    case .together: try mpi.finalize()
    case .oneByOne: RankEnding.leave(exitCode: status)
    case .byForce: RankEnding.endAll(exitCode: status, isFirst: world.rank == 0)
    case .orphaned(let witness): RankEnding.leaveOrphaned(rank: world.rank, witness: witness)
    }
    if status != 0 { throw ExitCode(Int32(status)) }
  }

  /// Rank 0 checks everything that can be checked before anything runs.
  private func lead(
    _ world: borrowing Communicator, _ limit: TimeLimit?, _ places: RankPlaces
  ) throws -> (Int, Farewell) {
    let ticket: Ticket
    let sweep: SelectedRuns
    let lock: DirectoryLock
    let commands = try world.gather(Self.arguments, root: 0)
    do {
      if let other = commands.firstIndex(where: { $0 != commands[0] }) {
        throw Problem(
          "rank \(other)",
          "it was started with other arguments than rank 0, but one world computes one sweep",
          remedy: "start an mpirun for each, or run without mpirun")
      }
      (ticket, sweep) = try prepare(places)
      lock = try DirectoryLock(ticket.directory)
    } catch {
      Terminal.error("\(error)")
      StartWatch.end()
      try world.share(nil as SessionTerms?)
      return (2, .together)
    }
    try world.share(ticket.terms)
    StartWatch.end()
    let outcome: SessionOutcome
    do {
      outcome = try Ticket.begin(ticket.terms, places)
        .lead(sweep, limit: limit, observer: ProgressLine())
    } catch let problem as Problem {
      Terminal.error("\(problem)")
      return (2, .together)
    }
    lock.release()
    do {
      try Terminal.print(Closing(outcome, ticket: ticket, job: job, ranks: world.size).text)
    } catch {
      Terminal.error("note: \(error)")
    }
    return (outcome.exitStatus, outcome.farewell)
  }

  /// What this process was asked to do, for a comparison.
  private static var arguments: [UInt8] {
    Array(CommandLine.arguments.dropFirst().joined(separator: "\0").utf8)
  }

  private func follow(_ world: borrowing Communicator, _ places: RankPlaces) throws -> Farewell {
    _ = try world.gather(Self.arguments, root: 0)
    let terms = try world.receive(SessionTerms.self)
    StartWatch.end()
    guard let terms else { return .together }
    return try Ticket.begin(terms, places).follow()
  }

  /// Says what is to be computed, where nothing speaks against it.
  private func checkOnly() throws {
    try numeric.choose()
    let (ticket, plan, _) = try checked(notes: [])
    let state = try SweepState(plan.runs.map(\.id), ticket.directory)
    try state.requireReadable()
    try ticket.directory.tryCreating()
    let left = Set(state.pending).intersection(try ticket.select(from: plan)).count
    try Terminal.print("\(plan.name): \(Format.plural(plan.runs.count, "run")), \(left) to compute")
  }

  private func prepare(_ places: RankPlaces) throws -> (Ticket, SelectedRuns) {
    let (ticket, _, sweep) = try checked(notes: Launcher.notes(size: places.all.count), on: places)
    try ticket.directory.create()
    return (ticket, sweep)
  }

  /// The memory is looked at only where it is known which ranks there are.
  private func checked(
    notes: [String], on places: RankPlaces? = nil
  ) throws -> (Ticket, SweepPlan, SelectedRuns) {
    let plan = try job.load()
    for line in plan.dataLines { Terminal.error("data: \(line)") }
    for note in notes + plan.notes { Terminal.error("note: \(note)") }
    let directory = try OutputDirectory.of(plan, output)
    let ticket = Ticket(terms: SessionTerms(plan, directory), only: only)
    let selection = try ticket.select(from: plan)
    let sweep = SelectedRuns(plan, costs: try PlanCosts(plan), selection: selection)
    if let places {
      let memory = try PlanMemory(plan, of: selection)
      for note in try MemoryCheck(memory, runs: selection.count, on: places).notes() {
        Terminal.error("note: \(note)")
      }
    }
    try directory.check()
    try Manifest.requireSameSweep(plan, directory)
    try BranchOrder(plan, directory).check()
    return (ticket, plan, sweep)
  }
}
