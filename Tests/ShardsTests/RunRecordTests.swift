import Schema
import Testing

@testable import Shards

@Suite struct RunRecordTests {
  @Test func extentsFollowTheLongestColumns() {
    var record = RunRecord(id: "a", status: .finished)
    record.set("train_loss", [3.0, 2, 1])
    record.set("measured_step", [0, 2])
    record.set("hessian_eigenvalues", rows: [[5], [7, 6]])
    record.set("preconditioned_eigenvalues", rows: [[], []])
    #expect(record.stepCount == 3)
    #expect(record.measurementCount == 2)
    #expect(record.eigenvalueCount == 2)
    #expect(record.integer("steps_taken") == 3)
    #expect(record.reals("hessian_eigenvalues").map(\.bitPattern) == [5, Double.nan, 7, 6].map(\.bitPattern))
    #expect(record.reals("preconditioned_eigenvalues").count == 4)
    let missing = record.reals("gradient_norm").filter(\.isNaN)
    #expect(missing.count == 3)
  }

  @Test func narrowRowsWidenToTheWidestVariable() {
    var record = RunRecord(id: "a")
    record.set("hessian_eigenvalues", rows: [[3, 2, 1], [6, 5, 4]])
    record.set("preconditioned_eigenvalues", rows: [[9], [8]])
    let nan = Double.nan
    #expect(
      record.reals("preconditioned_eigenvalues").map(\.bitPattern)
        == [9, nan, nan, 8, nan, nan].map(\.bitPattern))
  }

  @Test func missingScalarsAreNil() {
    var record = RunRecord(id: "a")
    #expect(record.status == .pending)
    #expect(record.real("momentum") == nil)
    #expect(record.integer("diverged_step") == nil)
    #expect(record.text("error") == nil)
    record.status = .diverged
    record.set("momentum", 0.9)
    record.set("diverged_step", 12)
    record.set("error", "no such file")
    #expect(record.status == .diverged)
    #expect(record.real("momentum") == 0.9)
    #expect(record.integer("diverged_step") == 12)
    #expect(record.text("error") == "no such file")
  }

  @Test func everyVariableHasItsOwnName() {
    let names = VariableTable.all.map(\.name) + Axis.allCases.map(\.rawValue)
    #expect(Set(names).count == names.count)
    for variable in VariableTable.all {
      #expect(variable.axes.first == .run)
      #expect(!variable.longName.isEmpty)
    }
  }

  /// Property observers do not run in initialisers, so the count of weights must not depend on one.
  @Test func weightsSetInAnInitialiserCount() {
    #expect(RunRecord(kept: [1, 2, 3]).integers("weights_kept") == [3])
  }
}

extension RunRecord {
  fileprivate init(kept weights: [Float]) {
    self.init(id: "kept", status: .finished)
    self.weights = .float(weights)
  }
}
