public import LinearAlgebra
public import Schema
public import Spectra

/// Something a job may ask to be measured besides the top of the spectrum.
///
/// Each stands in a file of its own, with its `QuantityConfiguration`: the keys of job files, the variables of the
/// sweep file, which docs/quantities.md defines, and the cost. To add one: the file, and a place in
/// `Quantities.all`.
public protocol Quantity<Scalar>: AnyObject, Carrying {
  /// What holds for the whole run: texts by their variables; empty where there is none.
  var labels: [Variable: [String]] { get }

  /// The searches for eigenvalues that go on from one measurement to the next; empty where it has none.
  ///
  /// A quantity that carries anything else says so in `carried` and `restore`: what is not saved there must not decide
  /// later values.
  var searches: [SpectrumTracker<Scalar>.State] { get set }

  /// Takes back what another one of the same run has carried.
  func restore(_ state: CarriedState<Scalar>) -> Bool

  /// The values at one measurement by their variables; a single one for variables without a
  /// further dimension. What is left out is recorded as missing.
  func measure(at point: MeasurementPoint<Scalar>) throws -> [Variable: [Double]]
}

extension Quantity {
  /// None.
  public var labels: [Variable: [String]] { [:] }
  /// None.
  public var searches: [SpectrumTracker<Scalar>.State] {
    get { [] }
    set { precondition(newValue.isEmpty, "the state is that of another quantity") }
  }

  /// What its searches carry.
  public var carried: CarriedState<Scalar> {
    var state = CarriedState<Scalar>()
    for (index, search) in searches.enumerated() { state.add(search.carried, under: "search\(index)") }
    return state
  }

  /// Takes back what its searches have carried.
  public func restore(_ state: CarriedState<Scalar>) -> Bool {
    guard !searches.isEmpty else { return true }
    var found = searches
    guard found.indices.allSatisfy({ found[$0].restore(state.part("search\($0)")) }) else { return false }
    searches = found
    return true
  }
}
