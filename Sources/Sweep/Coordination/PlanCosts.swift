import Learning

/// The cost of every run of a plan; loads each data set once to learn its size.
struct PlanCosts {
  private let costs: [RunCost]

  init(_ plan: SweepPlan) throws {
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
