package import Schema
package import Spectra

/// What is measured along a run.
public struct MeasurementRule: Sendable {
  /// Steps between measurements; nil: nothing is measured.
  public var every: Int? = 10
  /// The weights at which it is measured.
  public var at: MeasuredWeights = .iterate
  /// Number of eigenvalues, from the largest.
  public var top: Int = 2
  /// Eigenvalues above this fraction of the stability threshold are measured too; nil: no more than `top`.
  public var track: Double?
  /// How many may be measured because of `track`.
  public var maximumTracked: Int = 20
  /// Whether the smallest eigenvalue of the Hessian is measured too.
  public var smallest: Bool = false
  /// Every so many measurements one starts from random vectors; nil: only the first.
  public var coldInterval: Int? = 50
  /// Residual wanted of every eigenvalue, relative to the largest.
  public var tolerance: Double = 5e-3
  /// Hessian products after which a search for eigenvalues stops, converged or not.
  public var maximumProducts: Int = 500
  /// Whether the preconditioned Hessian is measured too, where the optimizer has a preconditioner.
  public var preconditioned: Bool = true
  /// Whether the test set is evaluated too, where the data has one.
  public var test: Bool = true
  /// The training examples over which the Hessian is measured, evenly spread; nil: all.
  public var examples: Int?
  /// What else is measured.
  package var quantities: [any QuantityConfiguration] = []
}

extension MeasuredWeights: SettingValue {}

extension MeasurementRule: Configurable {
  package static let standard = MeasurementRule()

  package static let bindings: [Binding<MeasurementRule>] =
    [
      Binding(
        \.every,
        Key(
          "measure.every", .integer(1...Int.max, or: ["never"]),
          about: "Steps between measurements.")),
      Binding(
        \.at,
        Key(
          "measure.at", .choice(of: MeasuredWeights.self),
          about:
            "Weights at which a measurement is taken: those before the step, or the midpoint (w_(t-1) + 2 w_t + w_(t+1)) / 4."
        )),
      Binding(
        \.top,
        Key(
          "measure.top", .integer(1...1000),
          about: "Number of eigenvalues, from the largest.")),
      Binding(
        \.track,
        Key(
          "measure.track", .real(.fraction, or: ["none"]),
          about:
            "Also measures every further eigenvalue above this fraction of the stability threshold, as many as there are."
        )),
      Binding(
        \.maximumTracked,
        Key(
          "measure.max_tracked", .integer(1...1000),
          about: "The most eigenvalues that are measured because of `track`.")),
      Binding(
        \.smallest,
        Key(
          "measure.smallest", .flag,
          about: "Also measures the smallest (most negative) eigenvalue of the Hessian.")),
      Binding(
        \.coldInterval,
        Key(
          "measure.cold_every", .integer(1...Int.max, or: ["never"]),
          about:
            "Measurements after which one starts from random vectors instead of the last ones, to find what was missed. 1 is safest where the Hessian changes fast, as with cross-entropy on few examples or small batches, at about twice the cost."
        )),
      Binding(
        \.examples,
        Key(
          "measure.examples", .integer(1...Int.max, or: ["all"]),
          about: "Training examples over which the Hessian is measured, evenly spread over the data.")),
      Binding(
        \.tolerance,
        Key(
          "measure.tolerance", .real(Interval(lower: 0, upper: 1)),
          about: "Residual of every eigenvalue, relative to the largest.")),
      Binding(
        \.maximumProducts,
        Key(
          "measure.max_products", .integer(1...Int.max),
          about: "Hessian products after which a search for eigenvalues stops, converged or not.")),
      Binding(
        \.preconditioned,
        Key(
          "measure.preconditioned", .flag,
          about: "Also measures the preconditioned Hessian, for optimizers that have a preconditioner.")),
      Binding(
        \.test,
        Key(
          "measure.test", .flag,
          about: "Also evaluates the test set, where the data has one.")),
    ]

  /// Reads the whole section, the quantities too.
  package init(all settings: Settings) {
    self.init(settings)
    quantities = Quantities.wanted(settings)
  }

  /// A search for some eigenvalues, and for up to `maximum` of them.
  package func solver(_ count: Int, maximum: Int? = nil) -> BlockKrylov {
    BlockKrylov(
      count: count, maximumCount: maximum ?? count, tolerance: tolerance, maximumProducts: maximumProducts)
  }
}
