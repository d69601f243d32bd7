import Foundation
import Problems
import Testing

@testable import Schema

/// A thing with one property of every kind.
private struct Lamp: Configurable, Equatable {
  enum Colour: String, CaseIterable, SettingValue {
    case red
    case warmWhite = "warm-white"
  }

  var power = 4.5
  var count = 3
  var limit: Int?
  var isOn = true
  var hasShade: Bool?
  var colour = Colour.red
  var steps = [1, 2]
  var file: String? = "a"

  static let standard = Lamp()
  static var bindings: [Binding<Lamp>] {
    [
      Binding(\.power, Key("lamp.power", .real(.positive), about: "Power.")),
      Binding(\.count, Key("lamp.count", .integer(1...9), about: "Lamps."), isRequired: true),
      Binding(\.limit, Key("lamp.limit", .integer(0...9, or: ["none", "all"]), about: "Limit.")),
      Binding(\.isOn, Key("lamp.on", .flag, about: "Whether it is on.")),
      Binding(\.hasShade, Key("lamp.shade", .choice(["same", "true", "false"]), about: "Shade.")),
      Binding(\.colour, Key("lamp.colour", .choice(of: Colour.self), about: "Colour.")),
      Binding(\.steps, Key("lamp.steps", .integers(0...9), about: "Steps.")),
      Binding(\.file, Key("lamp.file", .path(unset: "none"), about: "File.")),
    ]
  }
}

@Suite struct ConfigurableTests {
  @Test func `defaults are the values of the standard`() {
    let defaults = Lamp.keys.map { $0.defaults[0].value }
    #expect(defaults == [4.5, nil, "none", true, "same", "red", .integers([1, 2]), "a"])
  }

  @Test func `settings are read into the properties`() {
    let lamp = Lamp(
      Settings([
        "lamp.power": 0.25, "lamp.count": 9, "lamp.limit": 7, "lamp.on": false, "lamp.shade": "false",
        "lamp.colour": "warm-white", "lamp.steps": .integers([]), "lamp.file": "none",
      ]))
    #expect(
      lamp
        == Lamp(
          power: 0.25, count: 9, limit: 7, isOn: false, hasShade: false, colour: .warmWhite, steps: [],
          file: nil))
  }

  @Test func `what is out of range is named by its key`() throws {
    try Lamp.standard.checkRanges()
    let wrong: [(Lamp, String)] = [
      (Lamp(power: 0), "lamp.power"), (Lamp(power: .nan), "lamp.power"), (Lamp(count: 10), "lamp.count"),
      (Lamp(limit: -1), "lamp.limit"), (Lamp(steps: [3, 10]), "lamp.steps"),
    ]
    for (lamp, key) in wrong {
      let problem = #expect(throws: Problem.self) { try lamp.checkRanges() }
      #expect(problem?.subject == key)
    }
  }

  @Test func `keys of several choices are one key with a default for each`() {
    let size = Key("lamp.size", .integer(0...9), about: "Size.")
    let keys = [Key](
      section: "lamp", about: "Which lamp.",
      of: [("desk", [size.with(default: 1)]), ("street", [size.with(default: nil)]), ("none", [])])
    #expect(keys.map(\.path) == ["lamp.name", "lamp.size"])
    #expect(keys[0].kind == .choice(["desk", "street", "none"]) && keys[0].defaults[0].value == nil)
    #expect(keys[1].defaultValue(variant: "desk")?.value == 1)
    #expect(keys[1].defaultValue(variant: "street") != nil)
    #expect(keys[1].defaultValue(variant: "street")?.value == nil)
    #expect(keys[1].defaultValue(variant: "none") == nil)
  }

  @Test func `settings are JSON with sorted keys that other readers understand`() throws {
    let path = "a\"b\\c\u{1}d\u{e9}"
    let settings = Settings(["b.path": .text(path), "b.a": 0.1, "c": .reals([1, 1e-300]), "a": 3])
    let keys = KeySections(["c", "b.path", "a", "b.a"].map { Key($0, .text, about: "A key.") })
    let some = SettingsJSON(settings, of: keys) { key, _ in key.path != "b.path" }
    #expect(some.text == #"{"a":3,"b":{"a":0.1},"c":[1.0,1e-300]}"#)
    let object = try JSONSerialization.jsonObject(with: Data(settings.json(of: keys).utf8)) as? [String: Any]
    #expect((object?["b"] as? [String: Any])?["path"] as? String == path)
  }

  @Test func `a value sent as a text is the same value`() {
    let values: [KeyValue] = [
      true, false, 3, .integer(.min), 3.0, 0.1, .real(-.leastNonzeroMagnitude), "", "i3", "\u{301}",
      "a\nb \"c\"", .integers([]), .integers([-1, 2]), .reals([]), .reals([1, 1e-300]),
    ]
    for value in values { #expect(KeyValue(code: value.code) == value, "\(value)") }
    #expect(Set(values.map(\.code)).count == values.count)
    for code in ["", "x3", "i3.5", "fyes", "R1 a", "rten"] { #expect(KeyValue(code: code) == nil, "\(code)") }
  }
}
