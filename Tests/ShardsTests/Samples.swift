import Foundation
import Optimizers
import Problems
import Schema

@testable import Shards

extension Provenance {
  static let sample = Provenance(
    version: "0.1.0", gitCommit: "abc", host: "node7", commandLine: "eos-sweep jobs/é.yaml", ranks: 4,
    slurm: ["SLURM_JOB_ID": "17"])
}

extension RunRecord {
  /// A run whose values all differ from one another, with as many steps and measurements as asked for.
  static func sample(
    _ id: String, status: RunStatus = .finished, steps: Int, measurements: Int, eigenvalues: Int,
    weights: Weights? = nil
  ) -> RunRecord {
    var record = RunRecord(id: id, status: status)
    record.set(.optimizer, "heavy-ball")
    record.set(.learningRate, 0.01)
    record.set(Hyperparameter.momentum.variable, 0.9)
    record.set(.seed, 3)
    record.set(.configJson, #"{"name":"ünïcode"}"#)
    record.set(.stopReason, "steps")
    record.set(Hyperparameter.biasCorrection.variable, true)
    record.set(.trainLoss, (0..<steps).map { 1 / Double($0 + 1) })
    record.set(.gradientNorm, (0..<steps).map { Double($0).squareRoot() })
    let rows = (0..<measurements).map { m in (0..<eigenvalues).map { Double(100 + m) - Double($0) / 3 } }
    record.set(.measuredStep, (0..<measurements).map { $0 * 2 })
    record.set(.hessianEigenvalues, rows: rows)
    record.set(.hessianResiduals, rows: rows.map { $0.map { $0 * 1e-3 } })
    record.set(.sharpness, rows.map { $0.first ?? .nan })
    record.set(.converged, rows.map { _ in true })
    record.weights = weights
    if let weights { record.set(.parameters, weights.count) }
    if status == .diverged { record.set(.divergedStep, steps - 1) }
    return record
  }
}

extension Column {
  /// Whether two columns have the same bits, where NaN equals NaN.
  func isIdentical(to other: Column) -> Bool {
    switch (self, other) {
    case (.reals(let a), .reals(let b)):
      a.count == b.count && zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN) }
    case (.integers(let a), .integers(let b)): a == b
    case (.texts(let a), .texts(let b)): a == b
    case (.flags(let a), .flags(let b)): a == b
    default: false
    }
  }
}

/// The names of the variables in which two records differ.
func differences(_ first: RunRecord, _ second: RunRecord, but ignored: Set<String> = []) -> [String] {
  let columns = VariableTable.all.filter { $0.kind != .weights && !ignored.contains($0.name) }
  var names = columns.filter { !first.column($0).isIdentical(to: second.column($0)) }.map(\.name)
  if first.weights?.doubles != second.weights?.doubles { names.append("weights") }
  if first.id != second.id { names.append("run") }
  return names
}

extension Shard {
  /// Writes a shard of one run.
  static func write(_ record: RunRecord, provenance: Provenance, to path: String) throws {
    try write([record.computed(by: provenance)], provenance: provenance, to: path)
  }

  /// Reads the first run of a shard, once its seal and the checksum of the row have been compared.
  static func read(_ path: String) throws(Problem) -> RunRecord {
    try SweepFile(path, checkingSeal: true).record(row: 0)
  }

  /// The runs of a shard that can be read.
  static func entries(_ path: String) throws(Problem) -> [ShardEntry] {
    switch look(at: path, checkingSeal: true) {
    case .runs(let entries): return entries
    case .damaged(let problem), .unreadable(let problem): throw problem
    }
  }
}

extension Merge {
  /// Merges shards of the runs of which there are records.
  @discardableResult
  static func merge(
    _ shards: [String], plan: [RunRecord], into path: String, sweepYAML: String = ""
  ) throws -> MergeReport {
    try merge(
      shards: shards, runs: plan.map(\.id), planned: { plan[$0] }, provenance: .sample, sweepYAML: sweepYAML,
      into: path)
  }
}
