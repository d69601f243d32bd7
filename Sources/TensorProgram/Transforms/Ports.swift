// Finding inputs and outputs by name.

extension Program {
  /// The value of the input with this name; traps if there is none.
  func input(named name: String) -> Value { Self.port(named: name, in: inputs, of: self.name, "input").value }

  /// The output with this name; traps if there is none.
  func output(named name: String) -> Port { Self.port(named: name, in: outputs, of: self.name, "output") }

  private static func port(named name: String, in ports: [Port], of program: String, _ kind: String) -> Port {
    guard let port = ports.first(where: { $0.name == name }) else {
      let known = ports.map(\.name).joined(separator: ", ")
      preconditionFailure("\(program) has no \(kind) named \(name), only \(known).")
    }
    return port
  }
}
