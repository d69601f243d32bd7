import Datasets
public import LinearAlgebra
public import Spectra

/// Something a job may ask to be measured besides the top of the spectrum.
///
/// Each stands in a file of its own and names the variables of the sweep file it fills, which
/// docs/quantities.md defines. To add one: the file, a case of `QuantityConfiguration`, a key of job files,
/// and a line per variable in `VariableTable`.
public protocol Quantity<Scalar>: AnyObject {
  /// The number format of the run.
  associatedtype Scalar: RealScalar

  /// What holds for the whole run: texts by the names of their variables; empty where there is none.
  var labels: [String: [String]] { get }

  /// What its searches for eigenvalues carry from one measurement to the next; empty where it has none.
  ///
  /// Nothing else may be carried: a probe that takes over another's state continues with the same bits.
  var searches: [SpectrumTracker<Scalar>.State] { get set }

  /// The values at one measurement by the names of their variables; a single one for variables without a
  /// further dimension. What is left out is recorded as missing.
  func measure(at point: MeasurementPoint<Scalar>) throws -> [String: [Double]]
}

extension Quantity {
  /// None.
  public var labels: [String: [String]] { [:] }
  /// None.
  public var searches: [SpectrumTracker<Scalar>.State] {
    get { [] }
    set { precondition(newValue.isEmpty, "the state is that of another quantity") }
  }
}
