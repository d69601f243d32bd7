public import Schema

// What a flow says of every step, measured or not: it is worked out on the way. In the units of the papers, in which the
// step size belongs to the preconditioner: the edge is 2.

/// The variables of the sweep file that flows fill at every step.
public enum FlowVariables {
  /// The loss that a flow predicts for its optimizer.
  public static let loss = real(
    "predicted_loss", "time average of the optimizer's loss that the flow predicts")
  /// The same for the gradient.
  public static let squaredGradient = real(
    "predicted_squared_gradient", "predicted time average of the squared gradient norm")
  /// The trace of the oscillation's covariance.
  public static let covarianceTrace = real(
    "predicted_covariance_trace", "predicted mean of |w_t - w(t)|^2, the size of the oscillation")
  /// The variances of the oscillation.
  public static let variances = real(
    "predicted_variances", "variances along critical u, u^T P u = eta, largest first", per: .step, .direction)
  /// The eigenvalues that were followed.
  public static let eigenvalues = real(
    "effective_eigenvalues", "followed eigenvalues of eta P^-1 H; 2 is the edge", per: .step, .direction)
  /// The number of critical directions.
  public static let criticalDirections = count("critical_directions", "directions that may oscillate")
  /// The certificate of the complementarity problems.
  public static let violation = real(
    "kkt_residual", "largest amount by which conditions on the oscillation are missed")
  /// The number of substeps.
  public static let substeps = count("flow_substeps", "substeps of the step")
  /// The number of gradients.
  public static let gradients = count("flow_gradients", "gradients that the step took", bookkeeping: true)
  /// The number of Hessian products.
  public static let products = count("flow_products", "Hessian products that it took", bookkeeping: true)
  /// The number of third derivatives.
  public static let thirdDerivatives = count(
    "flow_third_derivatives", "third derivatives that it took", bookkeeping: true)

  /// All, in the order of sweep files.
  package static let all: [Variable] = [
    loss, squaredGradient, covarianceTrace, criticalDirections, variances, eigenvalues, violation, substeps,
    gradients, products, thirdDerivatives,
  ]

  private static func real(_ name: String, _ longName: String, per axes: Axis...) -> Variable {
    Variable(name, .real, longName, per: axes.isEmpty ? [.step] : axes, optional: true)
  }

  private static func count(_ name: String, _ longName: String, bookkeeping: Bool = false) -> Variable {
    Variable(name, .integer, longName, per: .step, bookkeeping: bookkeeping, optional: true)
  }
}

extension FlowPrediction {
  /// What is recorded of it.
  package var variables: [Variable: [Double]] {
    [
      FlowVariables.loss: [loss], FlowVariables.squaredGradient: [squaredGradientNorm],
      FlowVariables.covarianceTrace: [covarianceTrace], FlowVariables.variances: variances,
      FlowVariables.eigenvalues: eigenvalues, FlowVariables.criticalDirections: [Double(criticalCount)],
      FlowVariables.violation: [violation],
    ]
  }
}

extension FlowWork {
  /// What is recorded of it.
  package var variables: [Variable: [Double]] {
    [
      FlowVariables.substeps: [Double(substeps)], FlowVariables.gradients: [Double(gradients)],
      FlowVariables.products: [Double(products)],
      FlowVariables.thirdDerivatives: [Double(thirdDerivatives)],
    ]
  }
}
