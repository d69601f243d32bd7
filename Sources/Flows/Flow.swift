public import LinearAlgebra

/// A smooth motion of the weights that stands for an optimizer's steps; a unit of time is one step.
///
/// The weights belong to the caller; whatever else is carried from step to step is `carried`.
public protocol Flow<Scalar>: AnyObject, Carrying {
  /// What the flow carries of its optimizer.
  var state: FlowState<Scalar> { get set }

  /// Takes back what was carried between two steps.
  func restore(_ state: CarriedState<Scalar>) -> Bool

  /// Moves the weights over one unit of time.
  ///
  /// - Parameters:
  ///   - weights: the point; left as it is where the flow ends or something is thrown.
  ///   - step: the number of the step, from 0, at whose beginning the flow is; the schedule goes by it.
  ///   - stepSize: the optimizer's.
  ///   - known: loss and gradient at the weights, if the caller has them: saves a gradient.
  /// - Returns: what the flow says about its beginning, or why it ends there.
  /// - Throws: what the objective throws; the flow, its weights and all that it carries are then as before.
  func step(
    _ weights: Vector<Scalar>, over step: Int, stepSize: FlowStepSize, known: KnownGradient<Scalar>?
  ) throws -> FlowOutcome
}

extension Flow {
  /// Takes the gradient at the first weights into the moments, as the optimizer does before its step.
  ///
  /// So they hold the present gradient at all times. Later gradients are not needed.
  public func observe(_ gradient: Vector<Scalar>) { state.observe(gradient) }

  /// Takes over what an optimizer carried between two steps.
  ///
  /// - Returns: whether it is of the right kind and size; if not, nothing has changed.
  public func adopt(optimizer: CarriedState<Scalar>) -> Bool { state.adopt(optimizer: optimizer) }

  /// Writes the diagonal of `P` without the step size, as the optimizer defines it.
  ///
  /// - Returns: whether it is another one than the identity; if not, nothing is written.
  public func preconditioner(into diagonal: Vector<Scalar>) -> Bool { state.preconditioner(into: diagonal) }

  /// Moves the weights over one unit of time; see the requirement.
  public func step(
    _ weights: Vector<Scalar>, over step: Int, stepSize: FlowStepSize
  ) throws -> FlowOutcome {
    try self.step(weights, over: step, stepSize: stepSize, known: nil)
  }
}

/// Loss and gradient at the weights where a step of a flow begins.
public struct KnownGradient<Scalar: RealScalar> {
  /// The loss.
  public let loss: Double
  /// The gradient; not changed.
  public let gradient: Vector<Scalar>

  /// Names the parts.
  public init(loss: Double, gradient: Vector<Scalar>) { (self.loss, self.gradient) = (loss, gradient) }
}

/// What came of a step of a flow.
public enum FlowOutcome: Sendable {
  /// The weights have moved.
  case moved(FlowPrediction, FlowWork)
  /// The flow cannot go on; nothing has moved.
  case ended(FlowEnding)
}

/// What a flow predicts for the optimizer where a step begins: averages over the oscillation, and what it is.
public struct FlowPrediction: Sendable, Hashable {
  /// The loss at the centre, where the flow is.
  public var centreLoss: Double
  /// The squared norm of the gradient at the centre.
  public var centreSquaredGradientNorm: Double
  /// The time average of the loss.
  public var loss: Double
  /// The time average of the squared norm of the gradient.
  public var squaredGradientNorm: Double
  /// The variances along critical directions `u` with `u^T P u = 1`, `P` including the step size, descending.
  public var variances: [Double] = []
  /// The trace of the covariance of the weights.
  public var covarianceTrace = 0.0
  /// The largest eigenvalues of `P^-1 H` times the step size, descending.
  ///
  /// The edge is at 2. Empty where the flow needs none.
  public var eigenvalues: [Double] = []
  /// Whether all of them are within the tolerance.
  public var haveConverged = true
  /// How many directions were critical.
  public var criticalCount = 0
  /// The largest amount by which the conditions on an oscillation are missed, over all substeps; see
  /// `ComplementaritySolution.violation`.
  public var violation = 0.0
}

/// What a step of a flow has cost.
public struct FlowWork: Sendable, Hashable {
  /// Substeps of Euler's method, or steps of another one.
  public var substeps = 0
  /// Gradients, whether or not with a linearisation.
  public var gradients = 0
  /// Hessian products, those for third derivatives included.
  public var products = 0
  /// Third derivatives along pairs of directions.
  public var thirdDerivatives = 0
}

/// Why a flow cannot go on.
public enum FlowEnding: Sendable, Hashable, CustomStringConvertible {
  /// No oscillation keeps the sharpness at the edge, by the conditions missed; the optimizer diverges here.
  case unstabilized(eigenvalue: Double, violation: Double)
  /// An eigenvalue is beyond the limit.
  case tooSharp(eigenvalue: Double, limit: Double)
  /// More directions are critical than the limit allows.
  case tooManyCritical(limit: Int)
  /// A number is infinite or not a number.
  case notFinite

  /// A word for the record.
  public var name: String {
    switch self {
    case .unstabilized: "unstabilized"
    case .tooSharp: "too_sharp"
    case .tooManyCritical: "too_many_critical"
    case .notFinite: "not_finite"
    }
  }

  /// A sentence.
  public var description: String {
    switch self {
    case .unstabilized(let eigenvalue, let violation):
      "no oscillation keeps the largest eigenvalue, \(eigenvalue), at the edge of stability (conditions missed by \(violation))"
    case .tooSharp(let eigenvalue, let limit):
      "the largest eigenvalue, \(eigenvalue) where the edge of stability is 2, is beyond the limit of \(limit)"
    case .tooManyCritical(let limit): "more than \(limit) directions are critical"
    case .notFinite: "a number is infinite or not a number"
    }
  }
}
