public import LinearAlgebra

/// A smooth motion of the weights that stands for an optimizer's steps; a unit of time is one step.
///
/// The weights belong to the caller; whatever else is carried from step to step is `carried`.
public final class Flow<Scalar: RealScalar>: Carrying {
  /// What the flow carries of its optimizer.
  public private(set) var state: FlowState<Scalar>
  private var motion: any FlowMotion<Scalar>
  private let objective: any FlowObjective<Scalar>

  /// Creates the flow of an optimizer that has taken no step.
  ///
  /// - Parameters:
  ///   - kind: which flow.
  ///   - objective: the loss.
  ///   - geometry: the optimizer's.
  ///   - settings: how the flow is integrated.
  ///   - seed: the run's, from which the directions of searches for eigenvectors are drawn.
  public init(
    _ kind: FlowKind, _ objective: any FlowObjective<Scalar>, _ geometry: FlowGeometry = .gradientDescent,
    settings: FlowSettings = FlowSettings(), seed: UInt64
  ) {
    precondition(kind.suits(geometry), "\(kind.rawValue) is a flow of gradient descent")
    self.objective = objective
    state = FlowState(geometry, parameters: objective.parameterCount)
    motion = kind.motion(parameters: objective.parameterCount, settings, seed: seed)
  }

  /// Moves the weights over one unit of time.
  ///
  /// - Parameters:
  ///   - weights: the point; left as it is where the flow ends or something is thrown.
  ///   - step: the number of the step, from 0, at whose beginning the flow is; the schedule goes by it.
  ///   - stepSize: the optimizer's.
  ///   - known: loss and gradient at the weights, if the caller has them: saves a gradient.
  /// - Returns: what the flow says about its beginning, or why it ends there.
  /// - Throws: what the objective throws; the flow, its weights and all that it carries are then as before.
  public func step(
    _ weights: Vector<Scalar>, over step: Int, stepSize: FlowStepSize, known: KnownGradient<Scalar>? = nil
  ) throws -> FlowOutcome {
    var (point, motion) = (FlowPoint(weights, state, objective, step: step, stepSize: stepSize), motion)
    let prediction: FlowPrediction
    do {
      prediction = try motion.advance(&point, known)
      guard point.isFinite else { throw FlowEnding.notFinite }
    } catch let ending as FlowEnding {
      return .ended(ending)
    }
    weights.copy(from: point.weights)
    (state, self.motion) = (point.endState, motion)
    return .moved(prediction, point.work)
  }

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

  // MARK: - Carrying

  /// The optimizer's part, and what the motion remembers.
  public var carried: CarriedState<Scalar> {
    var carried = CarriedState<Scalar>()
    carried.add(state.carried, under: "optimizer")
    carried.add(motion.carried, under: "motion")
    return carried
  }

  /// Takes back what was carried.
  public func restore(_ carried: CarriedState<Scalar>) -> Bool {
    state.restore(carried.part("optimizer")) && motion.restore(carried.part("motion"))
  }
}

/// The mathematics of one flow, and what it remembers from step to step besides the optimizer's part.
protocol FlowMotion<Scalar>: Carrying {
  /// Moves a point over one unit of time.
  ///
  /// - Parameters:
  ///   - point: where the step begins; counts what it costs.
  ///   - known: loss and gradient there, if the caller has them.
  /// - Returns: what the flow predicts where the step begins.
  /// - Throws: `FlowEnding` where the flow cannot go on, and what the objective throws.
  mutating func advance(
    _ point: inout FlowPoint<Scalar>, _ known: KnownGradient<Scalar>?
  ) throws -> FlowPrediction
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
public enum FlowEnding: Error, Hashable, CustomStringConvertible {
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
