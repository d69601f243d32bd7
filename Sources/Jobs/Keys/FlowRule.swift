public import Flows
package import Schema

/// Where a flow begins, and how it is integrated.
public struct FlowRule: Hashable, Sendable {
  /// Steps that the optimizer takes before the flow goes on from where they led.
  public var warmStart = 0
  /// How the flow is integrated.
  public var settings = FlowSettings()
}

extension FlowRule: Configurable {
  package static let standard = FlowRule()

  package static let bindings: [Binding<FlowRule>] =
    [
      Binding(
        \.warmStart,
        Key(
          "flow.warm_start", .integer(0...Int.max),
          about:
            "Steps that the optimizer takes first; the flow goes on from there. A preconditioner needs some: after one step it is tiny in places."
        ))
    ] + FlowSettings.bindings.map { Binding(\.settings, $0) }
}
