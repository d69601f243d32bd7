public import Jobs

/// The cost of every run of a plan whose data has been checked.
public struct PlanCosts: Sendable {
  private let costs: [RunCost]
  private let kinds: [Int]
  /// The index of the first run of every kind.
  package let firstOfKind: [Int]

  /// Builds the models of a plan to count their parameters.
  ///
  /// - Throws: what is wrong with a model.
  public init(_ plan: SweepPlan) throws {
    costs = try plan.runs.concurrentMap { run in
      guard let data = plan.dataFacts[run.data] else {
        preconditionFailure("The data of \(run.id) has not been checked.")
      }
      return Result { try RunCost(run, data: data) }
    }.map { try $0.get() }
    var known: [RunKind: Int] = [:]
    var first: [Int] = []
    kinds = plan.runs.indices.map { index in
      let kind = RunKind(plan.runs[index])
      if let number = known[kind] { return number }
      known[kind] = first.count
      first.append(index)
      return first.count - 1
    }
    firstOfKind = first
  }

  /// The cost of the run at an index into the plan.
  package subscript(index: Int) -> RunCost { costs[index] }

  /// The kind of the run at an index into the plan, counted from 0: runs of a kind take the same time for the same cost.
  package func kind(_ index: Int) -> Int { kinds[index] }
}
