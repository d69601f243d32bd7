import Optimizers
import Schema
import Testing

@testable import Shards

@Suite struct RunRecordTests {
  @Test func extentsFollowTheLongestColumns() {
    var record = RunRecord(id: "a", status: .finished)
    record.set(.trainLoss, [3.0, 2, 1])
    record.set(.measuredStep, [0, 2])
    record.set(.hessianEigenvalues, rows: [[5], [7, 6]])
    record.set(.preconditionedEigenvalues, rows: [[], []])
    #expect(record.stepCount == 3)
    #expect(record.measurementCount == 2)
    #expect(record.eigenvalueCount == 2)
    #expect(record.integer(.stepsTaken) == 3)
    #expect(record.reals(.hessianEigenvalues).map(\.bitPattern) == [5, Double.nan, 7, 6].map(\.bitPattern))
    #expect(record.reals(.preconditionedEigenvalues).count == 4)
    let missing = record.reals(.gradientNorm).filter(\.isNaN)
    #expect(missing.count == 3)
  }

  @Test func narrowRowsWidenToTheWidestVariable() {
    var record = RunRecord(id: "a")
    record.set(.hessianEigenvalues, rows: [[3, 2, 1], [6, 5, 4]])
    record.set(.preconditionedEigenvalues, rows: [[9], [8]])
    let nan = Double.nan
    #expect(
      record.reals(.preconditionedEigenvalues).map(\.bitPattern)
        == [9, nan, nan, 8, nan, nan].map(\.bitPattern))
  }

  @Test func missingScalarsAreNil() {
    var record = RunRecord(id: "a")
    #expect(record.status == .pending)
    #expect(record.real(Hyperparameter.momentum.variable) == nil)
    #expect(record.integer(.divergedStep) == nil)
    #expect(record.text(.error) == nil)
    record.status = .diverged
    record.set(Hyperparameter.momentum.variable, 0.9)
    record.set(.divergedStep, 12)
    record.set(.error, "no such file")
    #expect(record.status == .diverged)
    #expect(record.real(Hyperparameter.momentum.variable) == 0.9)
    #expect(record.integer(.divergedStep) == 12)
    #expect(record.text(.error) == "no such file")
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
    #expect(RunRecord(kept: [1, 2, 3]).integers(.weightsKept) == [3])
  }
}

extension RunRecord {
  fileprivate init(kept weights: [Float]) {
    self.init(id: "kept", status: .finished)
    self.weights = .float(weights)
  }
}
