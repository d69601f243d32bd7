package import Schema

extension FlowKind: SettingValue {}
extension FlowSettings.Renewal: SettingValue {}

extension FlowSettings: Configurable {
  package static let standard = FlowSettings()

  package static let bindings: [Binding<FlowSettings>] =
    [
      Binding(
        \.substeps,
        Key(
          "flow.substeps", .integer(1...10_000, or: ["auto"]),
          about:
            "Substeps of a step, at least; more where the sharpness asks for them. `auto`: as many as suit the flow, 2 for a central flow."
        )),
      Binding(
        \.criticality,
        Key(
          "flow.critical", .real(Interval(lower: 0, upper: 2)),
          about:
            "Directions oscillate in a central flow only where their eigenvalues are larger; as everywhere in this section, the edge of stability is 2."
        )),
      Binding(
        \.tracking,
        Key(
          "flow.tracked", .real(Interval(lower: 0, upper: 2)),
          about: "Eigenvectors with larger eigenvalues are followed, and one more.")),
      Binding(
        \.tolerance,
        Key(
          "flow.tolerance", .real(Interval(lower: 0, upper: 1)),
          about: "Residual of every eigenvector that is followed, relative to the edge.")),
      Binding(
        \.maximumProducts,
        Key(
          "flow.max_products", .integer(1...Int.max),
          about: "Hessian products after which a search for these eigenvectors stops, converged or not.")),
      Binding(
        \.coldInterval,
        Key(
          "flow.cold_every", .integer(1...Int.max, or: ["never"]),
          about: "Searches after which one starts from random vectors, to find what was missed.")),
      Binding(
        \.renewal,
        Key(
          "flow.renew", .choice(of: Renewal.self),
          about: "How often these eigenvectors are searched; in between their eigenvalues follow.")),
      Binding(
        \.sharpnessLimit,
        Key(
          "flow.sharpness_limit", .real(Interval(lower: 2)),
          about: "A flow is halted where an eigenvalue is larger.")),
      Binding(
        \.mostCritical,
        Key(
          "flow.most_critical", .integer(1...30),
          about: "A central flow is halted where more directions are critical.")),
    ]
}
