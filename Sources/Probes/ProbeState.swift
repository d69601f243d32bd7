import Datasets
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
  /// The searches of each optional quantity.
  public var quantities: [[SpectrumTracker<Scalar>.State]] = []

  init() {}

  /// Takes back what `numbers` and `vectors` gave; nil where something is missing.
  public init?(numbers: [String: Double], vectors: [String: Vector<Scalar>]) {
    guard let count = numbers["measurements"].flatMap(Int.init(exactly:)) else { return nil }
    measurements = count
    func search(_ name: String) -> SpectrumTracker<Scalar>.State? {
      .init(numbers: numbers.within(name), vectors: vectors.within(name))
    }
    for (name, path) in Self.named {
      guard let state = search(name) else { return nil }
      self[keyPath: path] = state
    }
    guard let quantities = numbers["quantities"].flatMap(Int.init(exactly:)) else { return nil }
    for index in 0..<max(quantities, 0) {
      guard let count = numbers["quantity\(index)"].flatMap(Int.init(exactly:)) else { return nil }
      let states = (0..<max(count, 0)).compactMap { search("quantity\(index).search\($0)") }
      guard states.count == count else { return nil }
      self.quantities.append(states)
    }
  }

  /// The numbers by name.
  public var numbers: [String: Double] {
    var numbers = ["measurements": Double(measurements), "quantities": Double(quantities.count)]
    for (index, states) in quantities.enumerated() { numbers["quantity\(index)"] = Double(states.count) }
    return searches.reduce(into: numbers) { numbers, search in
      numbers.merge(search.state.numbers.under(search.name)) { first, _ in first }
    }
  }

  /// The vectors by name, each of the length of the weights, or of a layer's.
  public var vectors: [String: Vector<Scalar>] {
    searches.reduce(into: [:]) { vectors, search in
      vectors.merge(search.state.vectors.under(search.name)) { first, _ in first }
    }
  }

  /// All searches by name.
  private var searches: [(name: String, state: SpectrumTracker<Scalar>.State)] {
    Self.named.map { ($0.name, self[keyPath: $0.path]) }
      + quantities.enumerated().flatMap { index, states in
        states.enumerated().map { ("quantity\(index).search\($0)", $1) }
      }
  }

  private static var named: [(name: String, path: WritableKeyPath<ProbeState, SpectrumTracker<Scalar>.State>)]
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
