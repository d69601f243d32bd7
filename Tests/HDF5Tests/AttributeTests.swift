import HDF5
import Testing

@Suite struct AttributeTests {
  @Test func everyKindOfAttributeIsReadBack() throws {
    try withTemporaryFile { path in
      let file = try File(creating: path)
      let dataset = try file.root.createDataset("status", of: Int8.self, shape: [2], fill: -1)
      try dataset.setAttribute("_FillValue", Int8(-1))
      try dataset.setAttribute("flag_values", [0, 1, 2] as [Int8])
      try dataset.setAttribute("flag_meanings", "finished diverged failed")
      try dataset.setAttribute("scale", 0.1)
      #expect(try dataset.attribute("_FillValue", as: Int8.self) == [-1])
      #expect(try dataset.attribute("flag_values", as: Int8.self) == [0, 1, 2])
      #expect(try dataset.stringAttribute("flag_meanings") == "finished diverged failed")
      #expect(try dataset.attribute("scale", as: Double.self) == [0.1])
      #expect(try dataset.attributeNames() == ["_FillValue", "flag_meanings", "flag_values", "scale"])
    }
  }

  @Test func attributesOfTheRootSurviveClosing() throws {
    let long = String(repeating: "run: {µ: 1}\n", count: 20_000)
    try withTemporaryFile { path in
      let file = try File(creating: path)
      try file.root.setAttribute("sweep_yaml", long)
      try file.root.setAttribute("empty", "")
      try file.close()
      let opened = try File(opening: path)
      #expect(try opened.root.stringAttribute("sweep_yaml") == long)
      #expect(try opened.root.stringAttribute("empty").isEmpty)
    }
  }

  @Test func settingAgainReplacesValueAndType() throws {
    try withTemporaryFile { path in
      let file = try File(creating: path)
      try file.root.setAttribute("x", 1.5)
      try file.root.setAttribute("x", "text")
      #expect(try file.root.stringAttribute("x") == "text")
    }
  }

  @Test func aMissingOrMistypedAttributeIsAnErrorThatNamesIt() throws {
    try withTemporaryFile { path in
      let file = try File(creating: path)
      try file.root.setAttribute("number", 1.5)
      #expect(try !file.root.hasAttribute("absent"))
      let absent = #expect(throws: HDF5Error.self) { try file.root.stringAttribute("absent") }
      #expect(absent?.description.contains("absent") == true)
      #expect(throws: HDF5Error.self) { try file.root.stringAttribute("number") }
    }
  }
}
