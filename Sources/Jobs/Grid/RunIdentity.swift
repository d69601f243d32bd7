// A run's id: readable, and the same in every sweep.
//
//     <optimizer>-lr<step size>-b<batch>-s<seed>-<8 hexadecimal digits of SHA-256>
//
// with `-<flow>` behind the optimizer where a flow stands for it.
//
// The hash covers the resolved settings that differ from their default, and the schema version. So a key that
// is added later with a default changes no id, and what cannot change a result (the sweep's name, the
// ranks per run) is not in it.

internal import Digests
import Schema

enum RunIdentity {
  /// Raised when the same settings come to mean another computation, as when `auto` comes to stand for another number.
  static let schemaVersion = 2

  /// The text that is hashed.
  static func canonicalText(of run: RunConfiguration) -> String {
    canonicalText(of: json(of: run.written.withDefaults))
  }

  private static func canonicalText(of json: SettingsJSON) -> String {
    "eos-sweep run \(schemaVersion) \(json.text)"
  }

  /// The settings that differ from their default, without some.
  static func json(
    of settings: Settings, leavingOut isLeftOut: (String) -> Bool = { _ in false }
  ) -> SettingsJSON {
    SettingsJSON(settings, of: RunConfiguration.sections) { key, value in
      settings.differs(value, from: key) && !isLeftOut(key.path)
    }
  }

  /// The id of resolved settings, whose differences from the defaults are given.
  static func id(of settings: Settings, _ differences: SettingsJSON) -> String {
    readablePart(of: settings) + "-" + hash(canonicalText(of: differences), bytes: 4)
  }

  /// The first bytes of a text's SHA-256, in hexadecimal digits.
  static func hash(_ text: String, bytes: Int) -> String {
    var digest = Digest()
    digest.absorb(bytes: Array(text.utf8)[...])
    return String(digest.hexadecimal().prefix(2 * bytes))
  }

  private static func readablePart(of settings: Settings) -> String {
    func text(_ path: String) -> String { settings[path]?.text ?? "" }
    let rate: String
    if case .real(let value) = settings["learning_rate"] { rate = readable(value) } else { rate = "" }
    let flow = text("process") == "optimizer" ? "" : "-" + text("process")
    return "\(text("optimizer.name"))\(flow)-lr\(rate)-b\(text("batch_size"))-s\(text("seed"))"
  }

  /// Four significant digits: `0.02`, `1e-4`, `3.162e-5`, `1e3`.
  static func readable(_ value: Double) -> String {
    var mantissa = value
    var exponent = 0
    while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    var digits = Int((mantissa * 1000).rounded())
    if digits == 10_000 { (digits, exponent) = (1000, exponent + 1) }
    let text = String(digits)
    var significant = text
    while significant.utf8.last == UInt8(ascii: "0") { significant.removeLast() }
    if exponent < -3 || exponent > 2 {
      let fraction = significant.dropFirst()
      return significant.prefix(1) + (fraction.isEmpty ? "" : "." + fraction) + "e\(exponent)"
    }
    if exponent < 0 { return "0." + String(repeating: "0", count: -exponent - 1) + significant }
    let whole = text.prefix(exponent + 1)
    let fraction = significant.dropFirst(exponent + 1)
    return String(whole) + (fraction.isEmpty ? "" : "." + fraction)
  }
}

extension Settings {
  /// Whether a value is not the default of its key.
  fileprivate func differs(_ value: KeyValue, from key: Key) -> Bool { value != standard(of: key)?.value }
}

extension SettingsJSON {
  /// Takes up anew what differs from the defaults in one section, without some.
  mutating func renew(
    _ section: String, of settings: Settings, leavingOut isLeftOut: (String) -> Bool = { _ in false }
  ) {
    renew(section, of: settings) { settings.differs($1, from: $0) && !isLeftOut($0.path) }
  }
}
