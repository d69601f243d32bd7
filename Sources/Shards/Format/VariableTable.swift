internal import Optimizers
internal import Probes
public import Schema

/// The variables of a sweep file, in the order in which they stand in it.
///
/// A new variable is one line here and one in docs/file-format.md (a test checks that they agree).
/// Every variable stands in every file, with its full extent, whether a run filled it or not; only those that
/// are optional are left out of files in which no run recorded them.
public enum VariableTable {
  /// All variables but the coordinates of the dimensions.
  public static let all: [Variable] =
    stepSize + Hyperparameter.all.map(\.variable) + configuration + outcome + steps + measurements + spectra
    + Quantities.variables + [weights]

  /// The variable of a name; there must be one.
  public static func variable(_ name: String) -> Variable {
    guard let variable = byName[name] else {
      preconditionFailure("A sweep file has no variable \"\(name)\"; add it to VariableTable.")
    }
    return variable
  }

  /// The optimizer and its step size.
  private static let stepSize: [Variable] = [
    Variable("optimizer", .text, "name of the optimizer"),
    Variable("learning_rate", .real, "step size eta, which the schedule scales"),
    Variable(
      "relative_learning_rate", .real, "step size in units of the critical one at the start, if so given",
      optional: true),
    Variable("schedule", .text, "course of the step size after the warm-up"),
    Variable("warmup", .count, "steps over which the step size rises; 0: none", optional: true),
  ]

  /// What else was asked for.
  private static let configuration: [Variable] = [
    Variable("batch_size", .count, "examples per step; all of them for full batches; 0: not known yet"),
    Variable("block_size", .count, "examples per block of the canonical sum"),
    Variable("seed", .count, "seed of initial weights, batches and probes"),
    Variable("precision", .text, "floating-point type of the weights, float or double"),
    Variable("model", .text, "name of the network"),
    Variable("loss", .text, "name of the loss"),
    Variable("dataset", .text, "name of the data"),
    Variable("examples", .count, "training examples; 0: not known yet"),
    Variable("parameters", .count, "parameters of the network; 0: not known yet"),
    Variable("config_json", .text, "resolved configuration of the run", bookkeeping: true),
  ]

  /// What became of the run.
  private static let outcome: [Variable] = [
    Variable("status", .word(RunStatus.allCases.map(\.name)), "what became of the run"),
    Variable("stop_reason", .text, "why the run stopped"),
    Variable("error", .text, "what went wrong in a failed run", bookkeeping: true),
    Variable("steps_taken", .count, "recorded steps"),
    Variable("measurements_taken", .count, "recorded measurements"),
    Variable("eigenvalues_taken", .count, "recorded eigenvalues per measurement"),
    Variable("weights_kept", .count, "weights kept of the end of the run"),
    Variable("layers_taken", .count, "layers of the network, where measured one by one", optional: true),
    Variable("density_nodes_taken", .count, "recorded nodes of spectral densities", optional: true),
    Variable("diverged_step", .integer, "step at which the run diverged"),
    Variable("first_crossing_step", .integer, "step of the first measurement above the stability threshold"),
    Variable("regime", .word(Regime.allCases.map(\.name)), "where the run was against the threshold"),
    Variable("ratio_before_crossing", .real, "median ratio to the threshold before the first crossing"),
    Variable("ratio_after_crossing", .real, "median ratio to the threshold from the first crossing on"),
    Variable("plateau_ratio", .real, "median of the ratios to the threshold above 0.75"),
    Variable("largest_sharpness", .real, "largest of the measured sharpnesses"),
    Variable("loss_increases", .count, "steps after which the loss was larger than before"),
    Variable("hessian_products", .count, "Hessian products of all measurements", bookkeeping: true),
    Variable("wall_seconds", .real, "time the run took", units: "s", bookkeeping: true),
    Variable("ranks", .count, "ranks that computed the run; 0: it was not computed", bookkeeping: true),
    Variable("host", .text, "machine of the first of these ranks", bookkeeping: true),
    Variable("provenance_json", .text, "program, libraries and job that computed the run", bookkeeping: true),
    checksum,
  ]

  /// What was recorded at every step.
  private static let steps: [Variable] = [
    Variable("train_loss", .real, "loss of the step's batch before the step", per: .step),
    Variable("train_accuracy", .real, "fraction of the step's batch classified correctly", per: .step),
    Variable("gradient_norm", .real, "Euclidean norm of the gradient of the step's batch", per: .step),
    Variable("step_size", .real, "step size of the step, after the schedule", per: .step),
  ]

  /// What was recorded at every measurement.
  private static let measurements: [Variable] = [
    Variable("measured_step", .integer, "step before which the measurement was taken", per: .measurement),
    Variable("sharpness", .real, "largest eigenvalue of the Hessian", per: .measurement),
    Variable("preconditioned_sharpness", .real, "largest eigenvalue of P^-1/2 H P^-1/2", per: .measurement),
    Variable("stability_threshold", .real, "sharpness above which steps grow", per: .measurement),
    Variable("test_loss", .real, "loss of the test examples", per: .measurement),
    Variable("test_accuracy", .real, "fraction of the test examples classified correctly", per: .measurement),
    Variable("gradient_alignment", .real, "squared cosine of gradient and first vector", per: .measurement),
    Variable("products_used", .integer, "Hessian products used", per: .measurement, bookkeeping: true),
    Variable("converged", .flag(["no", "yes"]), "whether all residuals are small enough", per: .measurement),
    Variable("hessian_eigenvalues", .real, "largest eigenvalues of H", per: .measurement, .eigenvalue),
    Variable("hessian_residuals", .real, "2-norms of H v - lambda v", per: .measurement, .eigenvalue),
    Variable(
      "preconditioned_eigenvalues", .real, "largest of P^-1/2 H P^-1/2", per: .measurement, .eigenvalue),
    Variable("preconditioned_residuals", .real, "2-norms of their residuals", per: .measurement, .eigenvalue),
    Variable("hessian_errors", .real, "estimated errors of the values", per: .measurement, .eigenvalue),
    Variable(
      "preconditioned_errors", .real, "estimated errors of the values", per: .measurement, .eigenvalue),
    Variable(
      "hessian_converged", .flag(["no", "yes"]), "whether each residual is small enough", per: .measurement,
      .eigenvalue),
    Variable(
      "preconditioned_converged", .flag(["no", "yes"]), "whether each residual is small enough",
      per: .measurement, .eigenvalue),
    Variable(
      "hessian_solve_products", .integer, "products for the eigenvalues of H", per: .measurement,
      bookkeeping: true),
    Variable(
      "preconditioned_solve_products", .integer, "products for those of P^-1/2 H P^-1/2", per: .measurement,
      bookkeeping: true),
  ]

  /// What was recorded of the Hessian's spectrum where a job asked for it.
  private static let spectra: [Variable] = [
    Variable(
      "measured_examples", .integer, "training examples over which H is taken, if not all", optional: true),
    Variable(
      "measured_at", .flag(["iterate", "midpoint"]), "weights at which the measurement was taken",
      per: .measurement, optional: true),
    Variable("smallest_eigenvalue", .real, "smallest eigenvalue of H", per: .measurement, optional: true),
    Variable("smallest_residual", .real, "2-norm of its residual", per: .measurement, optional: true),
    Variable("smallest_error", .real, "estimated error of the value", per: .measurement, optional: true),
    Variable(
      "smallest_converged", .flag(["no", "yes"]), "whether its residual is small enough", per: .measurement,
      optional: true),
    Variable(
      "smallest_solve_products", .integer, "products for the smallest eigenvalue", per: .measurement,
      bookkeeping: true, optional: true),
  ]

  /// Guards what the file format itself does not, such as texts.
  static let checksum = Variable("checksum", .text, "checksum of all values of the run", bookkeeping: true)

  /// The network at the end.
  static let weights = Variable(
    "weights", .weights, "weights at the end of the run", per: .parameter, optional: true)

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}
