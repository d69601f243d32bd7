/// How long a session lasts, as far as anybody knows; times are seconds from its beginning.
public struct Horizon: Sendable {
  /// When runs have to be saved; nil where the end is not known.
  public var deadline: Double?
  /// The shortest time for which a run is started that will not end.
  public var minimumTurn: Double

  /// What is counted on at the beginning of a session whose end is not known.
  static let firstTrust = 10.0

  /// Creates a horizon; without a deadline the session may last for ever, or end at any moment.
  public init(deadline: Double? = nil, minimumTurn: Double = 1) {
    self.deadline = deadline
    self.minimumTurn = minimumTurn
  }

  /// Counts the times that the age of a session has doubled.
  func period(at time: Double) -> Int {
    time < Self.firstTrust ? 0 : 1 + Int(max(0, (time / Self.firstTrust).exponent))
  }

  /// When the next period begins.
  func nextPeriod(after time: Double) -> Double {
    Double(sign: .plus, exponent: period(at: time), significand: Self.firstTrust)
  }

  /// How long the session is counted on to last: to its deadline, or else until it is twice as old.
  func end(at time: Double) -> Double { deadline ?? nextPeriod(after: time) }

  /// Seconds until runs have to be saved; infinite where nobody knows.
  func left(at time: Double) -> Double { (deadline ?? .infinity) - time }

  /// Whether too little time is left to start a run that would have to be saved.
  func isClosing(at time: Double) -> Bool { left(at: time) < minimumTurn }
}
