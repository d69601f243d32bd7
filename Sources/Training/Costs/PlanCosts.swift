public import Jobs

/// The cost of every run of a plan whose data has been checked.
public struct PlanCosts: Sendable {
  private let costs: [RunCost]

  /// Builds the models of a plan to count their parameters.
  ///
  /// - Throws: what is wrong with a model.
  public init(_ plan: SweepPlan) throws {
    costs = try plan.runs.map { run in
      guard let data = plan.dataFacts[run.data] else {
        preconditionFailure("The data of \(run.id) has not been checked.")
      }
      return try RunCost(run, data: data)
    }
  }

  /// The cost of the run at an index into the plan.
  package subscript(index: Int) -> RunCost { costs[index] }
}
