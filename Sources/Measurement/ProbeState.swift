public import LinearAlgebra
public import Spectra

/// What a probe carries from one measurement to the next, as a plain value.
///
/// Given to a probe of the same run, it continues with the same bits. For a file it is numbers and vectors by name.
public struct ProbeState<Scalar: RealScalar> {
  /// The number of measurements so far.
  public var measurements = 0
  /// The search for the top of the Hessian's spectrum.
  public var hessian = SpectrumTracker<Scalar>.State()
  /// The search for that of the preconditioned Hessian.
  public var preconditioned = SpectrumTracker<Scalar>.State()
  /// The search for the bottom of the Hessian's.
  public var smallest = SpectrumTracker<Scalar>.State()

  /// Creates the state before the first measurement.
  public init() {}

  /// Takes back what `numbers` and `vectors` gave; nil where something is missing.
  public init?(numbers: [String: Double], vectors: [String: Vector<Scalar>]) {
    guard let count = numbers["measurements"].flatMap(Int.init(exactly:)) else { return nil }
    measurements = count
    for (name, path) in Self.searches {
      guard
        let state = SpectrumTracker<Scalar>.State(
          numbers: numbers.within(name), vectors: vectors.within(name))
      else { return nil }
      self[keyPath: path] = state
    }
  }

  /// The numbers by name.
  public var numbers: [String: Double] {
    Self.searches.reduce(into: ["measurements": Double(measurements)]) { numbers, search in
      numbers.merge(self[keyPath: search.path].numbers.under(search.name)) { first, _ in first }
    }
  }

  /// The vectors by name, each of the length of the weights.
  public var vectors: [String: Vector<Scalar>] {
    Self.searches.reduce(into: [:]) { vectors, search in
      vectors.merge(self[keyPath: search.path].vectors.under(search.name)) { first, _ in first }
    }
  }

  private static var searches:
    [(name: String, path: WritableKeyPath<ProbeState, SpectrumTracker<Scalar>.State>)]
  {
    [("hessian", \.hessian), ("preconditioned", \.preconditioned), ("smallest", \.smallest)]
  }
}

extension Dictionary where Key == String {
  /// The same values under `name.key`.
  fileprivate func under(_ name: String) -> [String: Value] {
    Dictionary(uniqueKeysWithValues: map { ("\(name).\($0)", $1) })
  }

  /// The values under `name.key`, by `key`.
  fileprivate func within(_ name: String) -> [String: Value] {
    Dictionary(
      uniqueKeysWithValues: filter { $0.key.hasPrefix(name + ".") }.map {
        (String($0.key.dropFirst(name.count + 1)), $0.value)
      })
  }
}
