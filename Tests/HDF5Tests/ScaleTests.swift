import HDF5
import Testing

@Suite struct ScaleTests {
  @Test func scalesGiveAxesTheirNames() throws {
    try withTemporaryFile { path in
      let file = try File(creating: path)
      let run = try file.root.createStringDataset("run", shape: [2])
      try run.makeScale(named: "run")
      let step = try file.root.createDataset("step", of: Int64.self, shape: [3])
      try step.makeScale(named: "step")
      let loss = try file.root.createDataset("loss", of: Double.self, shape: [2, 3])
      try loss.attach(run, toAxis: 0)
      try loss.attach(step, toAxis: 1)
      #expect(try loss.scales(onAxis: 0) == ["/run"])
      #expect(try loss.scales(onAxis: 1) == ["/step"])
      #expect(try step.isScale)
      #expect(try step.scaleName == "step")
      #expect(try !loss.isScale)
    }
  }

  @Test func anAxisWithoutAScaleHasNone() throws {
    try withTemporaryFile { path in
      let file = try File(creating: path)
      let loss = try file.root.createDataset("loss", of: Double.self, shape: [2, 3])
      #expect(try loss.scales(onAxis: 1).isEmpty)
    }
  }

  @Test func labelsAreReadBack() throws {
    try withTemporaryFile { path in
      let file = try File(creating: path)
      let loss = try file.root.createDataset("loss", of: Double.self, shape: [2, 3])
      #expect(try loss.label(ofAxis: 1).isEmpty)
      try loss.setLabel("step", ofAxis: 1)
      #expect(try loss.label(ofAxis: 1) == "step")
    }
  }
}
