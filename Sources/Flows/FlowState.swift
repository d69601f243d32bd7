public import LinearAlgebra

/// What a flow carries of its optimizer from step to step: the moments, and how many gradients they have seen.
public struct FlowState<Scalar: RealScalar>: Carrying {
  /// The optimizer.
  public let geometry: FlowGeometry
  /// The averages `nu` of squared gradients: none, one, or one for each weight; replaced, never changed in place.
  public private(set) var moments: Vector<Scalar>
  /// The number `t` of gradients, which a flow counts on by 1 for every unit of time.
  public private(set) var updates = 0
  /// Whether the gradient at the first weights is among them.
  public private(set) var hasBegun = false
  let parameters: Int

  /// The state of an optimizer that has seen no gradient.
  public init(_ geometry: FlowGeometry, parameters: Int) {
    (self.geometry, self.parameters) = (geometry, parameters)
    moments = Vector(count: geometry.pooling.count(parameters))
  }

  /// Takes the gradient at the first weights into the moments; does nothing later.
  mutating func observe(_ gradient: Vector<Scalar>) {
    guard !hasBegun else { return }
    let squares = geometry.pooling.squares(of: gradient)
    let next = Vector<Scalar>(count: moments.count)
    for index in 0..<moments.count {
      next[index] = Scalar(geometry.beta2 * Double(moments[index]) + (1 - geometry.beta2) * squares[index])
    }
    (moments, updates, hasBegun) = (next, updates + 1, true)
  }

  /// The state a unit of time later.
  func advanced(to moments: Vector<Scalar>) -> FlowState {
    var next = self
    (next.moments, next.updates) = (moments, updates + 1)
    return next
  }

  /// Writes `P` without the step size; returns false, and writes nothing, where it is the identity.
  func preconditioner(into diagonal: Vector<Scalar>) -> Bool {
    guard geometry.pooling != .none else { return false }
    diagonal.copy(from: FlowMetric(self, moments, time: 0, stepSize: (1, 0)).scales)
    return true
  }

  // MARK: - Carrying

  /// The moments, the number of gradients, and whether the flow has begun.
  public var carried: CarriedState<Scalar> {
    var state = CarriedState<Scalar>()
    state.numbers = ["updates": Double(updates), "has_begun": hasBegun ? 1 : 0]
    if moments.count > 0 { state.vectors["moments"] = moments }
    return state
  }

  /// Takes back what was carried; where something is missing it stays as it is.
  public mutating func restore(_ state: CarriedState<Scalar>) -> Bool {
    guard let updates = state.count("updates"), let begun = state.count("has_begun"),
      take(state.vectors["moments"])
    else { return false }
    (self.updates, hasBegun) = (updates, begun == 1)
    return true
  }

  /// Takes over what an optimizer carried between two steps.
  mutating func adopt(optimizer: CarriedState<Scalar>) -> Bool {
    guard let updates = optimizer.count("step_count"),
      take(geometry.momentName.flatMap { optimizer.vectors[$0] })
    else { return false }
    (self.updates, hasBegun) = (updates, false)
    return true
  }

  private mutating func take(_ moments: Vector<Scalar>?) -> Bool {
    guard moments?.count ?? 0 == self.moments.count else { return false }
    let own = Vector<Scalar>(count: self.moments.count)
    if let moments { own.copy(from: moments) }
    self.moments = own
    return true
  }
}
