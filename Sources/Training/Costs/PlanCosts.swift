public import Jobs
import Learning

/// The cost of every run of a plan whose data has been checked.
public struct PlanCosts: Sendable {
  private var costs: [RunCost]
  private var kinds: [Int]
  /// The index of the first run of every kind.
  package let firstOfKind: [Int]

  /// Builds the models of a plan to count their parameters.
  ///
  /// - Throws: what is wrong with a model.
  public init(_ plan: SweepPlan) throws {
    var known: [RunKind: Int] = [:]
    var (first, models): ([Int], [any Model]) = ([], [])
    (kinds, costs) = ([], [])
    for (index, run) in plan.runs.enumerated() {
      guard let data = plan.dataFacts[run.data] else {
        preconditionFailure("The data of \(run.id) has not been checked.")
      }
      let kind = RunKind(run)
      let number = known[kind] ?? first.count
      if number == first.count {
        known[kind] = number
        first.append(index)
        models.append(
          try run.model.makeModel(features: data.features, outputs: data.outputs, image: data.image))
      }
      kinds.append(number)
      costs.append(RunCost(run, of: models[number], data: data))
    }
    firstOfKind = first
  }

  /// The cost of the run at an index into the plan.
  package subscript(index: Int) -> RunCost { costs[index] }

  /// The kind of the run at an index into the plan, counted from 0: runs of a kind take the same time for the same cost.
  package func kind(_ index: Int) -> Int { kinds[index] }
}
