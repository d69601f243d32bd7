import ArgumentParser
import Bench
import Console
import Datasets
import Foundation
import Jobs
import LinearAlgebra
import MPI
import Sweep

/// The command `eos-sweep bench [JOB.yaml]`.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure the machine: GEMM rate, gradient and Hessian-product time, reduction time.",
    discussion: """
      Without a job, an mlp 3072-200-200-10 on 5,000 synthetic examples. Under mpirun every rank measures at the \
      same time, as in a sweep, and the reduction is timed over the largest power of two of ranks.
      """)

  @OptionGroup var job: JobOptions
  @OptionGroup var numeric: NumericOptions

  @Option(help: "Seconds to spend on each figure.")
  var seconds = 1.0

  @Flag(help: "Show where the time of each program goes, next to what limits it.")
  var explain = false

  @Flag(help: "Print the figures as one JSON object.")
  var json = false

  func run() throws {
    let mpi = try MPIStart.begin()
    let world = Communicator.world()
    let isFirst = world.rank == 0
    var report: String?
    do {
      if try numeric.agree(over: world), let subject = try isFirst ? lead(world) : world.receive(Subject.self)
      {
        report = try measure(subject)
      }
    } catch {
      Terminal.error("eos-sweep: \(error)")
      MPIEnvironment.abort(exitCode: 1)
    }
    try mpi.finalize()
    guard isFirst else { return }
    guard let report else { throw ExitCode(2) }
    try Terminal.print(report)
  }

  /// What every rank measures.
  private struct Subject: Codable {
    var run: RunConfiguration
    var residualMemory: Int
  }

  /// Rank 0 alone reads the job, which may come through a pipe, and hands its run on; nil where it is no good.
  private func lead(_ world: borrowing Communicator) throws -> Subject? {
    var subject: Subject?
    do {
      let plan = try job.file == nil ? Self.builtIn(job.overrides) : job.load()
      for note in Launcher.notes(size: world.size) { Terminal.error("note: \(note)") }
      subject = Subject(run: plan.runs[0], residualMemory: plan.residualMemory)
    } catch {
      Terminal.error("eos-sweep: \(error)")
    }
    try world.share(subject)
    return subject
  }

  private func measure(_ subject: Subject) throws -> String {
    BLAS.threads = 1
    let bench = try MachineBench(subject.run, residualMemory: subject.residualMemory, seconds: seconds)
    let report = try bench.measure()
    if json { return try report.json }
    return (report.lines + (explain ? [BenchExplanation.text(of: report)] : [])).joined(separator: "\n")
  }

  private static func builtIn(_ overrides: [String]) throws -> SweepPlan {
    let yaml = """
      name: bench
      data: {name: gaussian-mixture, examples: 5000, features: 3072}
      model: {name: mlp, hidden: [200, 200], activation: tanh}
      loss: mse
      stop: {steps: 1}
      grid:
        - optimizer: {name: gd}
          learning_rate: 0.01
      """
    return try JobFile.plan(yaml: yaml, file: "the built-in benchmark", overrides: overrides)
  }
}
