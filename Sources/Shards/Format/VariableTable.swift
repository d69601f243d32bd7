internal import Flows
internal import Optimizers
internal import Probes
public import Schema

/// The variables of a sweep file, in the order in which they stand in it.
///
/// Every variable stands in every file, with its full extent, whether a run filled it or not; only those that
/// are optional are left out of files in which no run recorded them.
public enum VariableTable {
  /// All variables but the coordinates of the dimensions.
  public static let all: [Variable] =
    stepSize + Hyperparameter.all.map(\.variable) + configuration + outcome + steps + FlowVariables.all
    + measurements + spectra + Quantities.variables + [.weights, .keptStep, .keptWeights]

  /// Whether the table has a variable: what it lacks would be in no file.
  static func contains(_ variable: Variable) -> Bool { members.contains(variable) }

  /// The optimizer and its step size.
  private static let stepSize: [Variable] = [
    .optimizer, .learningRate, .relativeLearningRate, .schedule, .warmup,
  ]

  /// What else was asked for.
  private static let configuration: [Variable] = [
    .batchSize, .blockSize, .seed, .precision, .model, .loss, .dataset, .examples, .parameters, .configJson,
    .trajectory, .process,
  ]

  /// What became of the run.
  private static let outcome: [Variable] = [
    .status, .stopReason, .stopDetail, .error, .stepsTaken, .measurementsTaken, .eigenvaluesTaken,
    .weightsKept, .layersTaken, .densityNodesTaken, .sketchComponentsTaken, .keptTaken, .directionsTaken,
    .divergedStep, .firstCrossingStep, .regime, .ratioBeforeCrossing,
    .ratioAfterCrossing, .plateauRatio, .largestSharpness, .lossIncreases, .hessianProducts, .wallSeconds,
    .ranks, .host, .provenanceJson, .numerics, .sessionsJson, .checksum,
  ]

  /// What was recorded at every step.
  private static let steps: [Variable] = [
    .trainLoss, .trainAccuracy, .gradientNorm, .stepSize,
  ]

  /// What was recorded at every measurement.
  private static let measurements: [Variable] = [
    .measuredStep, .sharpness, .preconditionedSharpness, .stabilityThreshold, .testLoss, .testAccuracy,
    .gradientAlignment, .productsUsed, .converged, .hessianEigenvalues, .hessianResiduals,
    .preconditionedEigenvalues, .preconditionedResiduals, .hessianErrors, .preconditionedErrors,
    .hessianConverged, .preconditionedConverged, .hessianSolveProducts, .preconditionedSolveProducts,
  ]

  /// What was recorded of the Hessian's spectrum where a job asked for it.
  private static let spectra: [Variable] = [
    .measuredExamples, .measuredAt, .midpointLoss, .midpointGradientNorm, .smallestEigenvalue,
    .smallestResidual, .smallestError,
    .smallestConverged, .smallestSolveProducts,
  ]

  private static let members = Set(all)
}
