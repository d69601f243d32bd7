extension String {
  /// The text with everything escaped that would end a line, move the cursor or not be seen: `\n`, `\u{200B}`.
  public var onOneLine: String {
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator:
        result.append(contentsOf: scalar.escaped(asASCII: true).unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// The characters outside ASCII by code and name, each once, such as "U+00A0 NO-BREAK SPACE"; at most three.
  ///
  /// Some look like others, some like nothing: who reads that 'mse' is unknown has to be told of a Cyrillic letter.
  public var charactersOutsideASCII: [String] {
    var names: [String] = []
    for scalar in unicodeScalars where !scalar.isASCII && names.count < 3 {
      if !names.contains(scalar.codeAndName) { names.append(scalar.codeAndName) }
    }
    return names
  }
}

extension Unicode.Scalar {
  /// Such as "U+00A0 NO-BREAK SPACE".
  public var codeAndName: String {
    let digits = String(value, radix: 16, uppercase: true)
    let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    guard let name = properties.nameAlias ?? properties.name else { return code }
    return "\(code) \(name)"
  }
}
