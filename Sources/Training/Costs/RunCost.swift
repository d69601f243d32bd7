package import Jobs
package import Learning
import Optimizers
import Probes

/// How much work a run is, as far as its configuration tells; for the order of runs and the estimate of what is left.
package struct RunCost: Sendable {
  /// Floating-point operations, more or less; only ratios between runs matter.
  package let operations: Double
  /// The most ranks that can share the run: the largest power of two that leaves every rank a block.
  package let maximumGroup: Int

  /// What a step costs however small the network: dispatch and bookkeeping, in operations.
  private static let perStep = 1e5

  /// The cost of a run that trains `model`.
  init(_ run: RunConfiguration, of model: any Model, data: DataFacts) {
    let batch = run.batchSize.count(of: data.examples)
    // Forward, and backward for weights and activations: two operations per multiplication each.
    let gradient = 6 * Double(model.multiplications) * Double(batch)
    let product = 12 * Double(model.multiplications) * Double(run.measure.count(of: data.examples))
    let work = RunWork.whole(run, layout: model.layout, examples: data.examples)
    operations = work.gradients * (Self.perStep + gradient) + work.products * (Self.perStep + product)
    let blocks = CanonicalTree.blockCount(of: batch, size: run.blockSize)
    maximumGroup = 1 << (Int.bitWidth - 1 - max(blocks, 1).leadingZeroBitCount)
  }
}

extension RunConfiguration {
  /// Products that a search for so many eigenvalues takes once it starts from the last one's vectors: one for each, and
  /// two in the mean for what has changed.
  static func productsOfSearch(_ count: Int) -> Double { Double(count + 2) }
  /// The same for the smallest eigenvalue, which seldom stands apart from the others.
  private static let productsOfSmallest = 12.0
  /// What a search takes beyond that where it starts from random vectors.
  private static let productsOfColdStart = 10.0

  /// What the run's measurements are expected to take, in Hessian products over the measured examples.
  package func expectedProducts(layout: ParameterLayout, examples: Int) -> Double {
    guard let every = measure.every else { return 0 }
    let spectra = measure.preconditioned && optimizer.isAdaptive ? 2.0 : 1.0
    let scale = QuantityScale(
      layout, spectra: spectra, batchSize: batchSize.count(of: examples), examples: examples,
      measuredExamples: measure.count(of: examples))
    let quantities = measure.quantities.reduce(0) { $0 + $1.expectedProducts(scale) }
    let searches =
      spectra * Self.productsOfSearch(measure.top) + (measure.smallest ? Self.productsOfSmallest : 0)
    let measurements = (Double(stop.steps) / Double(every)).rounded(.up)
    let cold = measure.coldInterval.map { (measurements / Double($0)).rounded(.up) } ?? 1
    let starts = cold * (spectra + (measure.smallest ? 1 : 0)) * Self.productsOfColdStart
    return measurements * (searches + quantities) + starts
  }
}
