public import Schema

// The variables that every file has, and those of the spectrum, each with the handle by which it is set and read. Those of
// hyper-parameters and of quantities stand beside these. A new one is a line here and a place in `VariableTable`.

// MARK: - The optimizer and its step size

extension Variable {
  /// The variable `optimizer`.
  public static let optimizer = Variable("optimizer", .text, "name of the optimizer")
  /// The variable `learning_rate`.
  public static let learningRate = Variable(
    "learning_rate", .real, "step size eta, which the schedule scales")
  /// The variable `relative_learning_rate`.
  public static let relativeLearningRate = Variable(
    "relative_learning_rate", .real, "step size in units of the critical one at the start, if so given",
    optional: true)
  /// The variable `schedule`.
  public static let schedule = Variable("schedule", .text, "course of the step size after the warm-up")
  /// The variable `warmup`.
  public static let warmup = Variable(
    "warmup", .count, "steps over which the step size rises; 0: none", optional: true)
}

// MARK: - What else was asked for

extension Variable {
  /// The variable `batch_size`.
  public static let batchSize = Variable(
    "batch_size", .count, "examples per step; all of them for full batches; 0: not known yet")
  /// The variable `block_size`.
  public static let blockSize = Variable("block_size", .count, "examples per block of the canonical sum")
  /// The variable `seed`.
  public static let seed = Variable("seed", .count, "seed of initial weights, batches and probes")
  /// The variable `precision`.
  public static let precision = Variable(
    "precision", .text, "floating-point type of the weights, float or double")
  /// The variable `model`.
  public static let model = Variable("model", .text, "name of the network")
  /// The variable `loss`.
  public static let loss = Variable("loss", .text, "name of the loss")
  /// The variable `dataset`.
  public static let dataset = Variable("dataset", .text, "name of the data")
  /// The variable `examples`.
  public static let examples = Variable("examples", .count, "training examples; 0: not known yet")
  /// The variable `parameters`.
  public static let parameters = Variable("parameters", .count, "parameters of the network; 0: not known yet")
  /// The variable `config_json`.
  public static let configJson = Variable(
    "config_json", .text, "resolved configuration of the run", bookkeeping: true)
  /// The variable `trajectory`.
  public static let trajectory = Variable(
    "trajectory", .text, "hash shared by runs with the same weights, step by step", bookkeeping: true,
    optional: true)
  /// The variable `process`.
  public static let process = Variable(
    "process", .text, "flow that moved the weights in the place of the optimizer", optional: true)
}

// MARK: - What became of the run

extension Variable {
  /// The variable `status`.
  public static let status = Variable(
    "status", .word(RunStatus.allCases.map(\.name)), "what became of the run")
  /// The variable `stop_reason`.
  public static let stopReason = Variable("stop_reason", .text, "why the run stopped")
  /// The variable `error`.
  public static let error = Variable("error", .text, "what went wrong in a failed run", bookkeeping: true)
  /// The variable `stop_detail`.
  public static let stopDetail = Variable(
    "stop_detail", .text, "where and why a run was halted", optional: true)
  /// The variable `steps_taken`.
  public static let stepsTaken = Variable("steps_taken", .count, "recorded steps")
  /// The variable `measurements_taken`.
  public static let measurementsTaken = Variable("measurements_taken", .count, "recorded measurements")
  /// The variable `eigenvalues_taken`.
  public static let eigenvaluesTaken = Variable(
    "eigenvalues_taken", .count, "recorded eigenvalues per measurement")
  /// The variable `weights_kept`.
  public static let weightsKept = Variable("weights_kept", .count, "weights kept of the end of the run")
  /// The variable `layers_taken`.
  public static let layersTaken = Variable(
    "layers_taken", .count, "layers of the network, where measured one by one", optional: true)
  /// The variable `density_nodes_taken`.
  public static let densityNodesTaken = Variable(
    "density_nodes_taken", .count, "recorded nodes of spectral densities", optional: true)
  /// The variable `sketch_components_taken`.
  public static let sketchComponentsTaken = Variable(
    "sketch_components_taken", .count, "components of sketches of the weights", optional: true)
  /// The variable `kept_taken`.
  public static let keptTaken = Variable(
    "kept_taken", .count, "steps whose weights are kept", optional: true)
  /// The variable `directions_taken`.
  public static let directionsTaken = Variable(
    "directions_taken", .count, "recorded directions of a flow per step", optional: true)
  /// The variable `diverged_step`.
  public static let divergedStep = Variable("diverged_step", .integer, "step at which the run diverged")
  /// The variable `first_crossing_step`.
  public static let firstCrossingStep = Variable(
    "first_crossing_step", .integer, "step of the first measurement above the stability threshold")
  /// The variable `regime`.
  public static let regime = Variable(
    "regime", .word(Regime.allCases.map(\.name)), "where the run was against the threshold")
  /// The variable `ratio_before_crossing`.
  public static let ratioBeforeCrossing = Variable(
    "ratio_before_crossing", .real, "median ratio to the threshold before the first crossing")
  /// The variable `ratio_after_crossing`.
  public static let ratioAfterCrossing = Variable(
    "ratio_after_crossing", .real, "median ratio to the threshold from the first crossing on")
  /// The variable `plateau_ratio`.
  public static let plateauRatio = Variable(
    "plateau_ratio", .real, "median of the ratios to the threshold above 0.75")
  /// The variable `largest_sharpness`.
  public static let largestSharpness = Variable(
    "largest_sharpness", .real, "largest of the measured sharpnesses")
  /// The variable `loss_increases`.
  public static let lossIncreases = Variable(
    "loss_increases", .count, "steps after which the loss was larger than before")
  /// The variable `hessian_products`.
  public static let hessianProducts = Variable(
    "hessian_products", .count, "Hessian products of all measurements", bookkeeping: true)
  /// The variable `wall_seconds`.
  public static let wallSeconds = Variable(
    "wall_seconds", .real, "time the run took", units: "s", bookkeeping: true)
  /// The variable `ranks`.
  public static let ranks = Variable(
    "ranks", .count, "ranks that computed the run; 0: it was not computed", bookkeeping: true)
  /// The variable `host`.
  public static let host = Variable("host", .text, "machine of the first of these ranks", bookkeeping: true)
  /// The variable `provenance_json`.
  public static let provenanceJson = Variable(
    "provenance_json", .text, "program, libraries and job that computed the run", bookkeeping: true)
  /// The variable `numerics`.
  public static let numerics = Variable(
    "numerics", .text, "what decided the bits beside the configuration", bookkeeping: true, optional: true)
  /// The variable `sessions_json`.
  public static let sessionsJson = Variable(
    "sessions_json", .text, "steps, ranks and time of every session of the run", bookkeeping: true,
    optional: true)
}

// MARK: - What was recorded at every step

extension Variable {
  /// The variable `train_loss`.
  public static let trainLoss = Variable(
    "train_loss", .real, "loss of the step's batch before the step", per: .step)
  /// The variable `train_accuracy`.
  public static let trainAccuracy = Variable(
    "train_accuracy", .real, "fraction of the step's batch classified correctly", per: .step)
  /// The variable `gradient_norm`.
  public static let gradientNorm = Variable(
    "gradient_norm", .real, "Euclidean norm of the gradient of the step's batch", per: .step)
  /// The variable `step_size`.
  public static let stepSize = Variable(
    "step_size", .real, "step size of the step, after the schedule", per: .step)
}

// MARK: - What was recorded at every measurement

extension Variable {
  /// The variable `measured_step`.
  public static let measuredStep = Variable(
    "measured_step", .integer, "step before which the measurement was taken", per: .measurement)
  /// The variable `sharpness`.
  public static let sharpness = Variable(
    "sharpness", .real, "largest eigenvalue of the Hessian", per: .measurement)
  /// The variable `preconditioned_sharpness`.
  public static let preconditionedSharpness = Variable(
    "preconditioned_sharpness", .real, "largest eigenvalue of P^-1/2 H P^-1/2", per: .measurement)
  /// The variable `stability_threshold`.
  public static let stabilityThreshold = Variable(
    "stability_threshold", .real, "sharpness above which steps grow", per: .measurement)
  /// The variable `test_loss`.
  public static let testLoss = Variable("test_loss", .real, "loss of the test examples", per: .measurement)
  /// The variable `test_accuracy`.
  public static let testAccuracy = Variable(
    "test_accuracy", .real, "fraction of the test examples classified correctly", per: .measurement)
  /// The variable `gradient_alignment`.
  public static let gradientAlignment = Variable(
    "gradient_alignment", .real, "squared cosine of gradient and first vector", per: .measurement)
  /// The variable `products_used`.
  public static let productsUsed = Variable(
    "products_used", .integer, "Hessian products used", per: .measurement, bookkeeping: true)
  /// The variable `converged`.
  public static let converged = Variable(
    "converged", .flag(["no", "yes"]), "whether all residuals are small enough", per: .measurement)
  /// The variable `hessian_eigenvalues`.
  public static let hessianEigenvalues = Variable(
    "hessian_eigenvalues", .real, "largest eigenvalues of H", per: .measurement, .eigenvalue)
  /// The variable `hessian_residuals`.
  public static let hessianResiduals = Variable(
    "hessian_residuals", .real, "2-norms of H v - lambda v", per: .measurement, .eigenvalue)
  /// The variable `preconditioned_eigenvalues`.
  public static let preconditionedEigenvalues = Variable(
    "preconditioned_eigenvalues", .real, "largest of P^-1/2 H P^-1/2", per: .measurement, .eigenvalue)
  /// The variable `preconditioned_residuals`.
  public static let preconditionedResiduals = Variable(
    "preconditioned_residuals", .real, "2-norms of their residuals", per: .measurement, .eigenvalue)
  /// The variable `hessian_errors`.
  public static let hessianErrors = Variable(
    "hessian_errors", .real, "estimated errors of the values", per: .measurement, .eigenvalue)
  /// The variable `preconditioned_errors`.
  public static let preconditionedErrors = Variable(
    "preconditioned_errors", .real, "estimated errors of the values", per: .measurement, .eigenvalue)
  /// The variable `hessian_converged`.
  public static let hessianConverged = Variable(
    "hessian_converged", .flag(["no", "yes"]), "whether each residual is small enough", per: .measurement,
    .eigenvalue)
  /// The variable `preconditioned_converged`.
  public static let preconditionedConverged = Variable(
    "preconditioned_converged", .flag(["no", "yes"]), "whether each residual is small enough",
    per: .measurement, .eigenvalue)
  /// The variable `hessian_solve_products`.
  public static let hessianSolveProducts = Variable(
    "hessian_solve_products", .integer, "products for the eigenvalues of H", per: .measurement,
    bookkeeping: true)
  /// The variable `preconditioned_solve_products`.
  public static let preconditionedSolveProducts = Variable(
    "preconditioned_solve_products", .integer, "products for those of P^-1/2 H P^-1/2", per: .measurement,
    bookkeeping: true)
}

// MARK: - What was recorded of the Hessian's spectrum where a job asked for it

extension Variable {
  /// The variable `measured_examples`.
  public static let measuredExamples = Variable(
    "measured_examples", .integer, "training examples over which H is taken, if not all", optional: true)
  /// The variable `measured_at`.
  public static let measuredAt = Variable(
    "measured_at", .flag(["iterate", "midpoint"]), "weights at which the measurement was taken",
    per: .measurement, optional: true)
  /// The variable `midpoint_loss`.
  public static let midpointLoss = Variable(
    "midpoint_loss", .real, "loss of the step's batch at the midpoint", per: .measurement, optional: true)
  /// The variable `midpoint_gradient_norm`.
  public static let midpointGradientNorm = Variable(
    "midpoint_gradient_norm", .real, "Euclidean norm of its gradient there", per: .measurement, optional: true
  )
  /// The variable `smallest_eigenvalue`.
  public static let smallestEigenvalue = Variable(
    "smallest_eigenvalue", .real, "smallest eigenvalue of H", per: .measurement, optional: true)
  /// The variable `smallest_residual`.
  public static let smallestResidual = Variable(
    "smallest_residual", .real, "2-norm of its residual", per: .measurement, optional: true)
  /// The variable `smallest_error`.
  public static let smallestError = Variable(
    "smallest_error", .real, "estimated error of the value", per: .measurement, optional: true)
  /// The variable `smallest_converged`.
  public static let smallestConverged = Variable(
    "smallest_converged", .flag(["no", "yes"]), "whether its residual is small enough", per: .measurement,
    optional: true)
  /// The variable `smallest_solve_products`.
  public static let smallestSolveProducts = Variable(
    "smallest_solve_products", .integer, "products for the smallest eigenvalue", per: .measurement,
    bookkeeping: true, optional: true)
}

// MARK: - The row and the network

extension Variable {
  /// The variable `checksum`, which guards what the file format itself does not, such as texts.
  public static let checksum = Variable(
    "checksum", .text, "checksum of all values of the run", bookkeeping: true)
  /// The variable `weights`.
  public static let weights = Variable(
    "weights", .weights, "weights at the end of the run", per: .parameter, optional: true)
  /// The variable `kept_step`.
  package static let keptStep = Variable(
    "kept_step", .integer, "step before which the run had the weights kept", per: .kept, optional: true)
  /// The variable `kept_weights`.
  package static let keptWeights = Variable(
    "kept_weights", .real, "weights kept along the run", per: .kept, .parameter, optional: true)
}

/// What is recorded of the top of a matrix's spectrum.
package struct SpectrumVariables: Sendable {
  package let largest: Variable
  package let values: Variable
  package let residuals: Variable
  package let errors: Variable
  package let converged: Variable

  /// Those of the Hessian.
  package static let hessian = SpectrumVariables(
    largest: .sharpness, values: .hessianEigenvalues, residuals: .hessianResiduals, errors: .hessianErrors,
    converged: .hessianConverged)
  /// Those of `P^-1/2 H P^-1/2`.
  package static let preconditioned = SpectrumVariables(
    largest: .preconditionedSharpness, values: .preconditionedEigenvalues,
    residuals: .preconditionedResiduals, errors: .preconditionedErrors,
    converged: .preconditionedConverged)
}
