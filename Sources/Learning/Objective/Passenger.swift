import LinearAlgebra

/// The numbers that travel behind the gradient or the product in every sum over blocks and ranks, so that they need no
/// message of their own.
///
/// They are the last elements of an accumulator, in this order. Adding them changes no bit of the others.
public enum Passenger: Int, CaseIterable, Sendable {
  /// The sum of the loss over the examples.
  case loss
  /// The number of examples classified correctly.
  case correct
  /// The number of members that wish the group to leave the run.
  case leave

  /// How many there are.
  public static var count: Int { allCases.count }
}

/// Thrown by a sum, on every member of a group at the same one, where a member had wished to leave the run.
public struct GroupLeaving: Error {
  /// Says so.
  public init() {}
}

extension Vector {
  /// Where a passenger stands in an accumulator.
  func index(of passenger: Passenger) -> Int { count - Passenger.count + passenger.rawValue }

  /// The value of a passenger of an accumulator.
  subscript(passenger: Passenger) -> Scalar {
    get { self[index(of: passenger)] }
    set { self[index(of: passenger)] = newValue }
  }
}
