// Numbers as other languages, locales and programs write them, for hints: nothing of this is ever taken for a value.

import Foundation

enum NumberForm {
  /// The number that a text stands for where a person reads it; nil where it is none, or plain already.
  static func reading(_ text: String) -> Double? {
    guard let ascii = joined(folded(text)) else { return nil }
    return Double(plain: ascii) ?? radix(ascii) ?? power(ascii) ?? quotient(ascii) ?? suffixed(ascii)
      ?? separated(ascii)
  }

  /// Digits of all scripts, spaces, minus signs and full-width marks in ASCII; '_' and ''' that group digits are left out.
  private static func folded(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\u{2212}", "\u{2010}"..."\u{2015}", "\u{FE63}", "\u{FF0D}": result += "-"
      case "\u{FF0E}", "\u{066B}": result += "."
      case "\u{FF0C}": result += ","
      case "\u{FF0B}": result += "+"
      case "\u{D7}": result += "*"
      case "_", "'", "\u{2019}", "\u{066C}": break
      case _ where scalar.properties.isWhitespace: result += " "
      case _ where scalar.properties.generalCategory == .format: break
      case _ where scalar.properties.numericType == .decimal:
        result += "\(Int(scalar.properties.numericValue ?? 0))"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result.lowercased()
  }

  /// A text without its spaces, if they group digits by threes or stand beside signs; nil where they separate numbers.
  private static func joined(_ text: String) -> String? {
    let parts = text.split(separator: " ")
    let groups = parts.dropFirst().allSatisfy { $0.prefix { $0.isNumber }.count == 3 }
    guard parts.count < 2 || groups || text.contains(where: "/*^%".contains) else { return nil }
    // A sign too many at the ends, as in "==0.1" and "0.1,".
    let bare = parts.joined().drop { $0 == "=" }
    return String(bare.reversed().drop { ",;".contains($0) }.reversed())
  }

  /// 0x10, 0o17, 0b11.
  private static func radix(_ text: String) -> Double? {
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where text.hasPrefix(prefix) {
      return Int(text.dropFirst(2), radix: radix).map(Double.init)
    }
    return nil
  }

  /// 10^-3, 10**-3, 2*10^-3.
  private static func power(_ text: String) -> Double? {
    let parts = text.replacing("**", with: "^").split(separator: "^", omittingEmptySubsequences: false)
    guard parts.count == 2, let exponent = Double(plain: strip(parts[1])) else { return nil }
    let factors = parts[0].split(separator: "*", omittingEmptySubsequences: false)
    guard let base = factors.last.flatMap({ Double(plain: strip($0)) }), factors.count <= 2 else {
      return nil
    }
    let factor = factors.count == 2 ? Double(plain: String(factors[0])) : 1
    // Through text, so that 10^-3 is 1e-3 and not a rounding error beside it.
    if base == 10, let factor { return Double("\(factor)e\(Int(exactly: exponent).map(String.init) ?? "x")") }
    return factor.map { $0 * pow(base, exponent) }
  }

  private static func strip(_ text: Substring) -> String {
    String(text.drop { "({".contains($0) }.prefix { !")}".contains($0) })
  }

  /// 1/2.
  private static func quotient(_ text: String) -> Double? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Double(plain: String($0)) }
    guard parts.count == 2, let above = parts[0], let below = parts[1], below != 0 else { return nil }
    return above / below
  }

  /// 10k, 1M, 50%, 0.1f, 10L, 1d-3.
  private static func suffixed(_ text: String) -> Double? {
    if let number = Double(plain: text.replacing("d", with: "e")) { return number }
    guard let suffix = text.last, let number = Double(plain: String(text.dropLast())) else { return nil }
    switch suffix {
    case "%": return number / 100
    case "k": return number * 1e3
    case "m": return number * 1e6
    case "g", "b": return number * 1e9
    case "f", "l", "j", "u", "n": return number
    default: return nil
    }
  }

  /// 1,000 and 1.000.000 (groups of three), 0,5 and 1.000,5 (decimal commas).
  private static func separated(_ text: String) -> Double? {
    let sign = text.hasPrefix("-") ? "-" : ""
    let body = String(text.dropFirst(sign.count))
    for (group, point) in [(",", "."), (".", ",")] {
      let pieces = body.split(separator: point, omittingEmptySubsequences: false)
      guard let whole = pieces.first, pieces.count <= 2 else { continue }
      let groups = whole.split(separator: group, omittingEmptySubsequences: false)
      let areGroups = groups.count > 1 && groups.dropFirst().allSatisfy { $0.count == 3 }
      guard areGroups, (1...3).contains(groups[0].count), groups[0] != "0" else { continue }
      return Double(plain: sign + groups.joined() + (pieces.count == 2 ? "." + pieces[1] : ""))
    }
    return body.filter { $0 == "," }.count == 1 ? Double(plain: sign + body.replacing(",", with: ".")) : nil
  }
}

extension Double {
  /// A number in plain ASCII digits, with a sign, a point and an exponent at most.
  init?(plain text: String) {
    guard text.contains(where: \.isNumber), text.utf8.allSatisfy({ "0123456789+-.e".utf8.contains($0) })
    else {
      return nil
    }
    self.init(text)
  }
}
