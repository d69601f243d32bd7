public import LinearAlgebra

/// An update rule on the flat vector of weights, `w -= eta P^-1 u`.
///
/// Every optimizer here is a composition: a `GradientFilter` turns the history of gradients into a direction
/// `u`, and a diagonal preconditioner `P` scales it. The filter decides the threshold on the eigenvalues of
/// `P^-1 H`; the step size `eta` is part of neither.
///
/// One step at `w_t` with gradient `g_t` is `absorb(g_t, at: w_t)`, then `update(w, ...)`. In between, `filter` and
/// `preconditioner(into:)` give the very `Q` and `P` that the update will apply at `w_t`, as Cohen et al. 2024
/// (arXiv 2410.24206) measure it.
public protocol Optimizer<Scalar>: AnyObject, Carrying {
  /// How past gradients enter the direction; gives the stability threshold.
  var filter: GradientFilter { get }

  /// The weight decay; coupled, it is part of gradients and Hessian.
  var decay: WeightDecay { get }

  /// The number of gradients taken in so far, `t`. Part of the state.
  var stepCount: Int { get set }

  /// Every vector carried from step to step, by name; with `stepCount` it is all that is carried.
  var state: [(name: String, vector: Vector<Scalar>)] { get }

  /// Copies back what was carried between two steps, before the next gradient was absorbed.
  func restore(_ carried: CarriedState<Scalar>) -> Bool

  /// Takes in the gradient of the loss at the present weights. Called once before each update.
  func absorb(_ gradient: Vector<Scalar>, at weights: Vector<Scalar>)

  /// Writes the diagonal of `P` at the present weights, of the length of the weights; where it is 0, `P^-1` is 0 too.
  ///
  /// - Returns: whether `P` differs from the identity; where it does not, nothing is written.
  func preconditioner(into diagonal: Vector<Scalar>) -> Bool

  /// Moves the weights by one step; `gradient` is the one just absorbed.
  func update(_ weights: Vector<Scalar>, gradient: Vector<Scalar>, learningRate: Double)
}

extension Optimizer {
  /// The number of gradients, and the vectors of `state`.
  public var carried: CarriedState<Scalar> {
    var carried = CarriedState<Scalar>()
    carried.numbers["step_count"] = Double(stepCount)
    for (name, vector) in state { carried.vectors[name] = vector }
    return carried
  }

  /// Copies what was carried between two steps, before the next gradient was absorbed.
  public func restore(_ carried: CarriedState<Scalar>) -> Bool {
    let own = state
    guard let count = carried.count("step_count"), carried.vectors.count == own.count,
      own.allSatisfy({ carried.vectors[$0.name]?.count == $0.vector.count })
    else { return false }
    for (name, vector) in own { carried.vectors[name].map(vector.copy(from:)) }
    stepCount = count
    return true
  }

  /// The largest stable eigenvalue of `P^-1 (H + delta I)`, with `delta` the coupled weight decay.
  public func stabilityThreshold(learningRate: Double) -> Double {
    filter.stabilityThreshold(learningRate: learningRate, decoupledDecay: decay.decoupled)
  }

  /// The step size at which an eigenvalue `curvature > 0` of that matrix is the threshold.
  public func criticalLearningRate(curvature: Double) -> Double {
    filter.criticalLearningRate(curvature: curvature, decoupledDecay: decay.decoupled)
  }
}
