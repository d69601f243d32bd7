import Bench
import Console
import Datasets
import Foundation
import Schema
import Shards
import Sweep

/// One run as a page of text.
struct RunReport {
  private let record: RunRecord

  init(_ record: RunRecord) { self.record = record }

  var text: String {
    ([record.id, ""] + summary + [""] + curves + ["", "configuration:", configuration]).joined(
      separator: "\n")
  }

  private var summary: [String] {
    var lines = ["status:     \(record.status.name)\(detail)"]
    lines.append("steps:      \(Format.count(Double(record.stepCount)))")
    if let seconds = record.real(.wallSeconds), seconds > 0 {
      let rate = Format.count(Double(record.stepCount) / seconds)
      lines.append("time:       \(Format.duration(seconds)) (\(rate) steps/s, measurements included)")
    }
    if let products = record.integer(.hessianProducts), products > 0 {
      lines.append(
        "products:   \(Format.count(Double(products))) Hessian products in \(record.measurementCount) measurements"
          + perSolve)
    }
    lines += accuracy
    return lines + crossing
  }

  /// Where the run was against its stability threshold.
  private var crossing: [String] {
    guard let regime = record.regime else { return [] }
    var lines = ["regime:     \(regime.name)"]
    if let step = record.integer(.firstCrossingStep) {
      lines.append(
        "crossing:   at step \(step); median ratio to the threshold \(ratio(.ratioBeforeCrossing)), then \(ratio(.ratioAfterCrossing))"
      )
    }
    if let largest = record.real(.largestSharpness) {
      lines.append("sharpness:  at most \(Self.short(largest))")
    }
    if let count = record.integer(.lossIncreases), record.stepCount > 0 {
      lines.append("loss:       rose at \(Format.count(Double(count))) steps")
    }
    return lines
  }

  private func ratio(_ variable: Variable) -> String {
    record.real(variable).map(Self.short) ?? "none"
  }

  /// Products per measurement and solve, where several solves share them.
  private var perSolve: String {
    let solves: KeyValuePairs = [
      "hessian": Variable.hessianSolveProducts, "preconditioned": .preconditionedSolveProducts,
      "smallest": .smallestSolveProducts,
    ]
    let means = solves.compactMap { name, variable -> String? in
      let products = record.integers(variable).filter { $0 >= 0 }
      guard !products.isEmpty else { return nil }
      return String(format: "%@ %.1f", name, Double(products.reduce(0, +)) / Double(products.count))
    }
    return means.isEmpty ? "" : " (each: \(means.joined(separator: ", ")))"
  }

  /// How well the eigenvalues are known that were measured last, and how many measurements did not converge.
  private var accuracy: [String] {
    let count = record.measurementCount
    guard count > 0, let value = record.reals(.sharpness).last, value.isFinite else { return [] }
    let error = record.reals(.hessianErrors)[(count - 1) * record.eigenvalueCount]
    let missed = record.flags(.converged).count(where: { $0 == 0 })
    let known = error.isFinite ? " +- \(Self.short(error))" : ""
    let unconverged = missed > 0 ? "; \(missed) of \(count) measurements did not converge" : ""
    return [
      "accuracy:   sharpness \(String(format: "%.6g", value))\(known) at the last measurement\(unconverged)"
    ]
  }

  private var detail: String {
    switch record.status {
    case .finished: record.text(.stopReason).map { " (\($0))" } ?? ""
    case .diverged: record.integer(.divergedStep).map { " at step \($0)" } ?? ""
    case .halted: record.text(.stopDetail).map { ": \($0)" } ?? ""
    case .failed: record.text(.error).map { ": \($0)" } ?? ""
    case .pending, .interrupted: ""
    }
  }

  private var curves: [String] {
    let loss = record.reals(.trainLoss).map { $0 > 0 ? log10($0) : .nan }
    let ratio = zip(record.reals(.preconditionedSharpness), record.reals(.stabilityThreshold)).map(/)
    return [
      curve("loss (log)", loss, record.reals(.trainLoss)),
      curve("sharpness", record.reals(.sharpness), record.reals(.sharpness)),
      curve("ratio to threshold", ratio, ratio),
    ].compactMap { $0 }
  }

  private func curve(_ name: String, _ heights: [Double], _ values: [Double]) -> String? {
    guard let first = values.first(where: \.isFinite), let last = values.last(where: \.isFinite) else {
      return nil
    }
    let label = name.padding(toLength: 20, withPad: " ", startingAt: 0)
    return "\(label)\(Sparkline.draw(heights, width: 60))  \(Self.short(first)) to \(Self.short(last))"
  }

  private static func short(_ value: Double) -> String { String(format: "%.3g", value) }

  private var configuration: String {
    guard
      let text = record.text(.configJson),
      let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)),
      let data = try? JSONSerialization.data(
        withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    else { return record.text(.configJson) ?? "" }
    return String(decoding: data, as: UTF8.self)
  }
}
