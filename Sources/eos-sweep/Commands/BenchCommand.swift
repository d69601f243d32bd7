import ArgumentParser
import Foundation
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

  @Option(help: "Seconds to spend on each figure.")
  var seconds = 1.0

  @Flag(help: "Show where the time of each program goes, next to what limits it.")
  var explain = false

  @Flag(help: "Print the figures as one JSON object.")
  var json = false

  func run() throws {
    // Every rank reads the job itself, before MPI starts, so that bad input ends the program like any other command.
    let plan = try job.file == nil ? Self.builtIn(job.overrides) : job.load()
    let mpi = try MPIEnvironment()
    do {
      try measure(plan.runs[0], residualMemory: plan.residualMemory)
    } catch {
      Terminal.error("eos-sweep: \(error)")
      MPIEnvironment.abort(exitCode: 1)
    }
    try mpi.finalize()
  }

  private func measure(_ run: RunConfiguration, residualMemory: Int) throws {
    BLAS.threads = 1
    let bench = try MachineBench(run, residualMemory: residualMemory, seconds: seconds)
    let report = try bench.measure()
    guard bench.isFirstRank else { return }
    if json {
      Terminal.print(try report.json)
    } else {
      Terminal.print(report.lines.joined(separator: "\n"))
      if explain { Terminal.print(BenchExplanation.text(of: report)) }
    }
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
