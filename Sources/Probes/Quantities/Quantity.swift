public import LinearAlgebra
public import Schema
public import Spectra

/// Something a job may ask to be measured besides the top of the spectrum.
///
/// Each stands in a file of its own, with its `QuantityConfiguration`: the keys of job files, the variables of the
/// sweep file, which docs/quantities.md defines, and the cost. To add one: the file, and a place in
/// `Quantities.all`.
public protocol Quantity<Scalar>: AnyObject {
  /// The number format of the run.
  associatedtype Scalar: RealScalar

  /// What holds for the whole run: texts by their variables; empty where there is none.
  var labels: [Variable: [String]] { get }

  /// What its searches for eigenvalues carry from one measurement to the next; empty where it has none.
  ///
  /// Nothing else may be carried: a probe that takes over another's state continues with the same bits.
  var searches: [SpectrumTracker<Scalar>.State] { get set }

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
}
