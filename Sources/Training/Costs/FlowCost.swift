import Console
import Flows
package import Jobs
import Learning

/// What moving the weights by a step is expected to take.
extension RunConfiguration {
  /// Critical directions of a central flow that are counted on: it has none before the edge, and many far beyond it.
  private static let expectedDirections = 2

  /// The work of a step in gradients, linearisations, and products over all examples.
  func stepWork(directions: Int = Self.expectedDirections) -> RunWork {
    guard let process else { return RunWork(gradients: 1) }
    let substeps = Double(flow.settings.substeps ?? process.expectedSubsteps)
    switch process {
    case .gradientFlow:
      return RunWork(gradients: 4 * substeps, linearizations: 1, products: Self.productsOfSearch(1))
    case .stableFlow:
      return RunWork(gradients: substeps, linearizations: 1, products: Self.productsOfSearch(1))
    case .rodFlow:
      // Two products more for as long as the rod is tiny, which may be most of the time.
      return RunWork(gradients: 1 + 2 * substeps, linearizations: 2 * substeps, products: 4 * substeps)
    case .centralFlow:
      let pairs = Double(directions * (directions + 1) / 2)
      let searches = flow.settings.renewal == .step ? 1 : substeps
      // A pair takes about three gradients, a product two.
      let products = Double(directions) + 1.5 * pairs
      return RunWork(
        gradients: substeps, linearizations: substeps,
        products: searches * Self.productsOfSearch(directions + 1) + substeps * products)
    }
  }
}

extension FlowKind {
  /// The substeps of a step where the job says nothing.
  fileprivate var expectedSubsteps: Int {
    switch self {
    case .gradientFlow: 1
    case .centralFlow: 2
    case .stableFlow, .rodFlow: 4
    }
  }
}

extension SweepPlan {
  /// A sentence on runs of which a step may take far more than is foreseen; nil where there are none.
  package var costNote: String? {
    guard let run = runs.first(where: { $0.process == .centralFlow }) else { return nil }
    let costs = [0, 2, 5].map { directions in
      let work = run.stepWork(directions: directions)
      return Format.count((work.gradients + work.linearizations + 2 * work.products).rounded())
    }
    return
      "a step of a central flow counts as \(costs[1]) gradients, as with two critical directions; without any it "
      + "takes about \(costs[0]), with five \(costs[2])."
  }
}
