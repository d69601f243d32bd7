/// One variable of a sweep file: a value, or a row of values, of every run.
///
/// A variable stands beside what it records, as a static property by which records are filled and read;
/// `VariableTable` lists them all. Variables are equal if their names are.
public struct Variable: Sendable, Hashable {
  /// What the values of a variable are, which decides type, fill value and attributes in the file.
  public enum Kind: Sendable, Hashable {
    /// 64-bit floating point, NaN where there is no value.
    case real
    /// 64-bit integers, -1 where there is no value.
    case integer
    /// 64-bit integers that every run has, so that none is missing; 0 where there is nothing to count.
    case count
    /// UTF-8 text of any length, empty where there is no value.
    case text
    /// One of these words, as text; empty where there is no value.
    case word([String])
    /// Of every measurement: an 8-bit number that stands for a word: its position in the list; -1 where there is no value.
    case flag([String])
    /// 32- or 64-bit floating point, as the run computed it, NaN where there is no value.
    case weights
  }

  /// The name in the file.
  public let name: String
  /// The dimensions; the first is always `run`.
  public let axes: [Axis]
  /// The kind of its values.
  public let kind: Kind
  /// What it is, in one line.
  public let longName: String
  /// The unit, as the attribute of that name gives it; empty where a unit makes no sense.
  public let units: String
  /// Whether it says how a run was computed (time, machine) instead of what came out.
  public let isBookkeeping: Bool
  /// Whether it stands only in files in which some run recorded it.
  public let isOptional: Bool

  /// Creates the description of a variable whose dimensions after `run` are `axes`.
  package init(
    _ name: String, _ kind: Kind, _ longName: String, per axes: Axis..., units: String? = nil,
    bookkeeping: Bool = false, optional: Bool = false
  ) {
    self.init(
      name, kind, longName, per: axes, units: units, bookkeeping: bookkeeping, optional: optional)
  }

  /// The same with the dimensions as a list.
  package init(
    _ name: String, _ kind: Kind, _ longName: String, per axes: [Axis], units: String? = nil,
    bookkeeping: Bool = false, optional: Bool = false
  ) {
    self.name = name
    self.axes = [.run] + axes
    self.kind = kind
    self.longName = longName
    self.units = units ?? (kind == .real || kind == .weights ? "1" : "")
    isBookkeeping = bookkeeping
    isOptional = optional
  }

  /// Whether two variables are one: whether they have the same name.
  public static func == (first: Variable, second: Variable) -> Bool { first.name == second.name }

  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// A dimension of a sweep file.
public enum Axis: String, Sendable, CaseIterable {
  /// The runs, in the order of the sweep; its coordinate is the run's id.
  case run
  /// The steps of a run from 0 on.
  case step
  /// The measurements of a run in the order they were taken.
  case measurement
  /// The eigenvalues of one measurement from the largest down.
  case eigenvalue
  /// The parameters of a network in the order of PyTorch's `parameters_to_vector`.
  case parameter
  /// The layers of a network that have parameters, from the input on.
  case layer
  /// The nodes of a quadrature of the spectral density.
  case densityNode = "density_node"
  /// The components of a sketch of the weights.
  case sketch
  /// The weights kept along a run, in the order of their steps.
  case kept
  /// The directions that a flow follows at one step, from the largest value down.
  case direction

  /// Where it stands among all.
  package var place: Int {
    switch self {
    case .run: 0
    case .step: 1
    case .measurement: 2
    case .eigenvalue: 3
    case .parameter: 4
    case .layer: 5
    case .densityNode: 6
    case .sketch: 7
    case .kept: 8
    case .direction: 9
    }
  }

  /// What it counts, in one line.
  public var longName: String {
    switch self {
    case .run: "id of the run"
    case .step: "step of the run, from 0"
    case .measurement: "measurement of the run, from 0"
    case .eigenvalue: "eigenvalue, from 0 for the largest"
    case .parameter: "parameter, weight [out, in] row-major then bias, layer by layer"
    case .layer: "layer of the network with parameters, from 0"
    case .densityNode: "node of the spectral density, from 0"
    case .sketch: "component of a sketch of the weights, from 0"
    case .kept: "weights kept along the run, from 0"
    case .direction: "direction that a flow follows, from 0 for the largest value"
    }
  }

  /// Whether the dimension stands only in files in which some run has values along it.
  public var isOptional: Bool {
    switch self {
    case .run, .step, .measurement, .eigenvalue: false
    case .parameter, .layer, .densityNode, .sketch, .kept, .direction: true
    }
  }
}
