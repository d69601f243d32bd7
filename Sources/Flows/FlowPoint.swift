import LinearAlgebra

/// Where a flow is in the middle of a step: weights and moments of its own, which take the places of the old ones only when
/// the whole step is done.
struct FlowPoint<Scalar: RealScalar> {
  let weights: Vector<Scalar>
  let gradient: Vector<Scalar>
  private(set) var moments: Vector<Scalar>
  private(set) var loss = Double.nan
  private let state: FlowState<Scalar>
  let objective: any FlowObjective<Scalar>
  private let start: (step: Int, stepSize: FlowStepSize)
  /// What the step has cost so far.
  var work = FlowWork()

  init(
    _ weights: Vector<Scalar>, _ state: FlowState<Scalar>, _ objective: any FlowObjective<Scalar>, step: Int,
    stepSize: FlowStepSize
  ) {
    (self.state, self.objective, start) = (state, objective, (step, stepSize))
    self.weights = Vector(count: weights.count)
    self.weights.copy(from: weights)
    gradient = Vector(count: weights.count)
    moments = state.moments
  }

  /// The state of the optimizer at the end of the step.
  var endState: FlowState<Scalar> { state.advanced(to: moments) }

  /// How many steps were taken before.
  var updates: Int { state.updates }

  /// The step size a part of the step after its beginning, and its derivative by time.
  func stepSize(at time: Double) -> (value: Double, slope: Double) {
    start.stepSize.at(Double(start.step) + time)
  }

  /// `P` a part of the step after its beginning.
  func metric(at time: Double) -> FlowMetric<Scalar> {
    FlowMetric(state, moments, time: time, stepSize: stepSize(at: time))
  }

  /// Computes loss, gradient and what the Hessian needs.
  mutating func linearize(_ known: KnownGradient<Scalar>? = nil) throws -> any FlowLinearization<Scalar> {
    work.gradients += 1
    if let known {
      take(known)
      return try objective.flowLinearization(at: weights)
    }
    let (linearization, loss) = try objective.flowLinearization(at: weights, gradient: gradient)
    self.loss = loss
    return linearization
  }

  /// Takes over loss and gradient.
  mutating func take(_ known: KnownGradient<Scalar>) {
    gradient.copy(from: known.gradient)
    loss = known.loss
  }

  /// How the moments change here where nothing oscillates.
  func momentRates(_ metric: FlowMetric<Scalar>) -> Vector<Double> {
    metric.momentRates(moments, towards: metric.pooling.squares(of: gradient))
  }

  /// Computes loss and gradient.
  mutating func differentiate() throws {
    work.gradients += 1
    loss = try objective.flowGradient(at: weights, into: gradient)
  }

  /// One step of Euler's method: the weights by `-P^-1 force`, the moments towards `squares`.
  mutating func move(
    along force: Vector<Scalar>, squares: Vector<Double>, by length: Double, _ metric: FlowMetric<Scalar>
  ) {
    let rates = metric.momentRates(moments, towards: squares)
    let next = Vector<Scalar>(count: moments.count)
    for index in 0..<next.count {
      next[index] = Scalar(Double(moments[index]) + length * rates[index])
    }
    weights.all.step(along: force.all, by: length, dividedBy: metric.scales.all)
    moments = next
    work.substeps += 1
  }

  /// What is predicted here if nothing oscillates.
  func prediction(_ spectrum: CriticalDirections<Scalar>? = nil) -> FlowPrediction {
    let squaredNorm = gradient.dot(gradient)
    var prediction = FlowPrediction(
      centreLoss: loss, centreSquaredGradientNorm: squaredNorm, loss: loss, squaredGradientNorm: squaredNorm)
    guard let spectrum else { return prediction }
    (prediction.eigenvalues, prediction.haveConverged) = (spectrum.values, spectrum.haveConverged)
    prediction.criticalCount = spectrum.criticalCount
    return prediction
  }

  /// Whether weights and moments are numbers.
  var isFinite: Bool { weights.isFinite && moments.isFinite }
}
