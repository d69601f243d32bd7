import Learning

/// The cost of every run of a plan; loads each data set once to learn its size, so that a damaged file is found
/// before anything runs.
public struct PlanCosts: Sendable {
  private let costs: [RunCost]

  /// Loads the data and builds the models of a plan.
  ///
  /// - Throws: what is wrong with a data file or a model, in a sentence that names it.
  public init(_ plan: SweepPlan) throws {
    var shapes: [DataConfiguration: DataShape] = [:]
    costs = try plan.runs.map { run in
      let shape = try shapes[run.data] ?? DataShape(run.data.load(as: Float.self).training)
      shapes[run.data] = shape
      return try RunCost(run, data: shape)
    }
  }

  /// The cost of the run at an index into the plan.
  subscript(index: Int) -> RunCost { costs[index] }
}
