extension TensorType: CustomStringConvertible {
  /// The type as text, such as `float[20, 100]`.
  public var description: String { "\(scalar.rawValue)\(shape)" }
}

extension Program: CustomStringConvertible {
  /// The program as text, one instruction per line.
  ///
  ///     square(x: double[3]) {
  ///       %1: double[3] = multiply(x, x)
  ///       return y: %1
  ///     }
  public var description: String {
    let names = Dictionary(
      inputs.map { ($0.value, $0.name) }, uniquingKeysWith: { first, _ in first })
    func text(_ value: Value) -> String { names[value] ?? "%\(value.index)" }
    let parameters = inputs.map { "\($0.name): \(type(of: $0.value))" }
    let body = instructions.map {
      "  \(text($0.result)): \(type(of: $0.result)) = \($0.operation.rules.text($0.operands.map(text)))"
    }
    let results = outputs.map { "\($0.name): \(text($0.value))" }
    return
      (["\(name)(\(parameters.joined(separator: ", "))) {"] + body
      + ["  return \(results.joined(separator: ", "))", "}"]).joined(separator: "\n")
  }
}

extension Operation {
  /// The name of the operation, such as `multiply`.
  public var name: String { String(rules.text(["", ""]).prefix { $0 != "(" }) }
}
