// The lines of a job's text: one notion of them for every message.

/// The lines of a text as an editor counts them, from 1: a line feed, a carriage return or both end one.
///
/// The YAML library takes three more characters for the end of a line (U+0085, U+2028 and U+2029). In comments they are
/// harmless and become spaces; elsewhere they are refused.
struct TextLines {
  private let lines: [String]
  /// The text for the YAML library.
  ///
  /// Marks of byte order at the beginning of a line say nothing about UTF-8 and are left out: editors add one, and files
  /// that were joined have several.
  let plainText: String
  /// The first character that a job cannot hold, with its line.
  let forbiddenCharacter: (character: Unicode.Scalar, line: Int)?

  /// Cuts a text into lines.
  init(_ text: String) {
    let breaks: [Character] = ["\n", "\r", "\r\n"]
    lines = text.split(omittingEmptySubsequences: false, whereSeparator: breaks.contains).map { line in
      let bare = line.unicodeScalars.drop { $0 == "\u{FEFF}" }
      guard bare.contains(where: Self.endsLineOfYAML) else { return String(bare) }
      let comment = Self.withoutComment(String(bare)).unicodeScalars.count
      var result = String.UnicodeScalarView(bare.prefix(comment))
      result.append(contentsOf: bare.dropFirst(comment).map { Self.endsLineOfYAML($0) ? " " : $0 })
      return String(result)
    }
    plainText = lines.joined(separator: "\n")
    forbiddenCharacter =
      lines.indices.lazy.compactMap { [lines] index in
        lines[index].unicodeScalars.first(where: Self.isForbidden).map { ($0, index + 1) }
      }.first
  }

  /// The text of a line without its end and its comment; empty where there is no such line.
  subscript(number: Int) -> String {
    lines.indices.contains(number - 1) ? Self.withoutComment(lines[number - 1]) : ""
  }

  private static func withoutComment(_ line: String) -> String {
    guard let comment = line.firstRange(of: " #") else { return line.hasPrefix("#") ? "" : line }
    return String(line[..<comment.lowerBound])
  }

  private static func endsLineOfYAML(_ scalar: Unicode.Scalar) -> Bool {
    ["\u{85}", "\u{2028}", "\u{2029}"].contains(scalar)
  }

  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\t": false
    case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": true
    default: endsLineOfYAML(scalar)
    }
  }
}
