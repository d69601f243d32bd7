import ArgumentParser
import Console
import Files
import Jobs
import LinearAlgebra
import Problems
import Sweep
import Training

/// The command `eos-sweep evaluate JOB.yaml --weights FILE`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Loss, gradient and eigenvalues of a job's network at given weights.",
    discussion: """
      Weights are read as init.file reads them: from the dataset `weights` of an HDF5 file, in PyTorch's order. \
      Without, they are the first weights of the run. How many eigenvalues, and how well: --set measure.top=5 \
      --set measure.tolerance=1e-6. Third derivatives D3L[u, v], the derivative of the Hessian product H u along v, \
      are taken along every two of the eigenvectors or of the directions that a file holds.
      """)

  @OptionGroup var job: JobOptions
  @OptionGroup var numeric: NumericOptions

  @Option(help: "An HDF5 file with a dataset `weights`. Default: the first weights of the run.")
  var weights: String?

  @Flag(help: "Also take third derivatives along the eigenvectors.")
  var thirdDerivatives = false

  @Option(
    help:
      "Take them, and Hessian products, along the rows of the dataset `directions` of this HDF5 file instead."
  )
  var directions: String?

  @Option(
    help:
      "Of a job with several runs, the one whose network, data and loss are meant: an id or its beginning.")
  var only: String?

  @Option(name: [.short, .long], help: "An HDF5 file for the figures, the gradient and the eigenvectors.")
  var output: String?

  func run() throws {
    if let weights { try UserPath.check(weights, of: "--weights") }
    if let directions { try UserPath.check(directions, of: "--directions") }
    if let output {
      try UserPath.check(output, of: "-o")
      try AtomicFile.requireReplaceable(output)
      try Evaluation.requireOwn(output)
    }
    try numeric.choose()
    let plan = try job.with(weights.map { "init.file=\($0.quotedForYAML)" }).load()
    for line in plan.dataLines { Terminal.error("data: \(line)") }
    for note in plan.notes { Terminal.error("note: \(note)") }
    BLAS.threads = 1
    let chosen = try choose(from: plan)
    if chosen.origin != nil, weights == nil {
      throw Problem(
        "init.run", "\(chosen.id) starts from the state of another run",
        remedy: "give weights with --weights FILE")
    }
    let along = directions.map(EvaluatedDirections.file) ?? (thirdDerivatives ? .eigenvectors : .none)
    let evaluation = try Evaluation(chosen, residualMemory: plan.residualMemory, along: along)
    if let output { try evaluation.write(to: output) }
    try Terminal.print(evaluation.text)
    if let output { try Terminal.print("written to     \(output)") }
  }

  private func choose(from plan: SweepPlan) throws -> RunConfiguration {
    let matches = plan.runs.filter { only == nil || $0.id.hasPrefix(only ?? "") }
    if matches.count == 1 { return matches[0] }
    if let exact = matches.first(where: { $0.id == only }) { return exact }
    throw Problem(
      only.map { "--only \($0)" } ?? job.file ?? "quickstart",
      matches.isEmpty
        ? "no run of the job begins so" : "\(matches.count) runs are meant, but one is evaluated",
      remedy: "choose one with --only; eos-sweep plan lists the ids")
  }
}

extension JobOptions {
  /// The same job with another override, if there is one.
  fileprivate func with(_ override: String?) -> JobOptions {
    var options = self
    if let override { options.overrides.append(override) }
    return options
  }
}

extension String {
  /// The text as a YAML scalar that nothing in it can end.
  fileprivate var quotedForYAML: String {
    "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }
}
