import Learning
import Probes
import Schema
import Shards

extension Measurement {
  /// What was measured, by the variables of the record; flags and integers as numbers.
  var variables: [Variable: [Double]] {
    var values = quantities
    values[.measuredStep] = [Double(step)]
    values[.measuredAt] = [Double(MeasuredWeights.allCases.firstIndex(of: weights) ?? 0)]
    // At iterates they are those of the step.
    if weights == .midpoint {
      values[.midpointLoss] = [loss]
      values[.midpointGradientNorm] = [gradientNorm]
    }
    values[.stabilityThreshold] = [stabilityThreshold]
    values[.testLoss] = test.map { [$0.loss] }
    values[.testAccuracy] = test?.accuracy.map { [$0] }
    values[.gradientAlignment] = [gradientAlignment]
    values[.productsUsed] = [Double(products)]
    values[.converged] = [converged ? 1 : 0]
    hessian.write(into: &values, as: .hessian)
    preconditioned?.write(into: &values, as: .preconditioned)
    values[.hessianSolveProducts] = [Double(solves.hessian)]
    values[.preconditionedSolveProducts] = solves.preconditioned.map { [Double($0)] }
    if let smallest {
      values[.smallestEigenvalue] = smallest.values
      values[.smallestResidual] = smallest.residuals
      values[.smallestError] = smallest.errors
      values[.smallestConverged] = smallest.converged.map { $0 ? 1 : 0 }
      values[.smallestSolveProducts] = solves.smallest.map { [Double($0)] }
    }
    return values
  }
}

extension Spectrum {
  fileprivate func write(into values: inout [Variable: [Double]], as variables: SpectrumVariables) {
    values[variables.largest] = self.values.first.map { [$0] }
    values[variables.values] = self.values
    values[variables.residuals] = residuals
    values[variables.errors] = errors
    values[variables.converged] = converged.map { $0 ? 1 : 0 }
  }
}
