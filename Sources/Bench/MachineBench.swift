import Console
import Datasets
import Foundation
public import Jobs
import Learning
import LinearAlgebra
import Sweep
import Training

/// Times what a sweep's time goes into, on all ranks at once.
public struct MachineBench {
  private let run: RunConfiguration
  private let residualMemory: Int
  private let seconds: Double
  private let link: RankLink

  /// Prepares to time the parts of `run`; collective over all ranks.
  public init(_ run: RunConfiguration, residualMemory: Int, seconds: Double) throws {
    self.run = run
    self.residualMemory = residualMemory
    self.seconds = seconds
    link = try RankLink()
  }

  /// Measures on this rank; collective.
  public func measure() throws -> MachineReport {
    let timing = try RunTiming(run, residualMemory: residualMemory, budget: seconds)
    let count = timing.layout.count
    let reduction = try reductionSeconds(count: count)
    let profile = try RunProfile(run, budget: seconds)
    let lines = [
      "run        \(run.id): \(run.model.name), \(Format.count(Double(count))) parameters, "
        + "\(Format.count(Double(timing.examples))) examples, \(run.precision.rawValue)",
      "level      \(NumericLevel.current.name)",
      "BLAS       \(BLAS.coreName) (chosen by \(BLAS.choice.description)), 1 thread, "
        + "\(Format.plural(link.size, "rank")) at once",
      "gemm       \(gemmLine)",
      "gradient   \(Self.time(timing.gradient)), \(Format.count(1 / timing.gradient)) steps/s",
      "linearise  \(Self.time(timing.linearization))",
      "product    \(Self.time(timing.product)), \(Self.ratio(timing.product / timing.gradient)) gradients",
      "residuals  \(timing.residuals?.summary ?? "none")",
      reduction.map {
        "reduction  \(Self.time($0.seconds)) over \($0.ranks) ranks, \(Format.count(Double(count))) numbers"
      }
        ?? "reduction  not measured: one rank only",
    ]
    return MachineReport(run: run, timing: timing, profile: profile, lines: lines)
  }

  private var gemmLine: String {
    let (m, n, k) = (1000, 200, 3072)
    let product = MatrixProduct(rows: m, columns: n, depth: k)
    let (a, b, c) = (Vector<Float>(count: m * k), Vector<Float>(count: k * n), Vector<Float>(count: m * n))
    let time = RunTiming.secondsPerCall(seconds) { product.multiply(a.all, b.all, into: c.all) }
    return String(
      format: "%.1f GFLOP/s (float, %d x %d x %d)", 2e-9 * Double(m) * Double(n) * Double(k) / time, m, n, k)
  }

  private func reductionSeconds(count: Int) throws -> (seconds: Double, ranks: Int)? {
    var ranks = 1
    while ranks * 2 <= link.size { ranks *= 2 }
    guard ranks > 1 else { return nil }
    var token: [UInt8] = []
    try link.broadcast(&token)
    guard link.rank < ranks else { return nil }
    let assignment = GroupAssignment(number: 0, run: 0, members: Array(0..<ranks))
    let vector = Vector<Float>(count: count)
    // A fixed number of sums, since all members must make the same number of them.
    let repetitions = max(Int(min(2e7 / Double(max(count, 1)), 1e4 * seconds)), 3)
    let clock = ContinuousClock()
    let start = clock.now
    for _ in 0..<repetitions { try link.sum(vector, in: assignment) {} }
    return (start.duration(to: clock.now) / .seconds(1) / Double(repetitions), ranks)
  }

  private static func time(_ seconds: Double) -> String {
    switch seconds {
    case ..<1e-3: String(format: "%.1f us", seconds * 1e6)
    case ..<1: String(format: "%.2f ms", seconds * 1e3)
    default: String(format: "%.2f s", seconds)
    }
  }

  private static func ratio(_ value: Double) -> String { String(format: "%.2f", value) }
}
