import HDF5
import Testing

@Suite struct DatasetTests {
  private func roundTrip<Scalar: HDF5Scalar & Equatable>(_ values: [Scalar], _ type: ElementType) throws {
    try withTemporaryFile { path in
      let file = try File(creating: path)
      let created = try file.root.createDataset("x", of: Scalar.self, shape: [values.count])
      try created.write(values)
      let opened = try file.root.openDataset("x")
      #expect(try opened.read(Scalar.self) == values)
      #expect(try opened.elementType == type)
    }
  }

  @Test func everyNumberTypeKeepsItsValues() throws {
    try roundTrip([0, -0.1, .infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude], .double)
    try roundTrip([0, -0.1, .infinity, .leastNonzeroMagnitude] as [Float], .float)
    try roundTrip([.min, -1, 0, .max] as [Int64], .int64)
    try roundTrip([.min, -1, 0, .max] as [Int32], .int32)
    try roundTrip([.min, -1, 0, .max] as [Int8], .int8)
    try roundTrip([0, 1, .max] as [UInt8], .uint8)
  }

  @Test func numbersAreConvertedWhenRead() throws {
    try withTemporaryFile { path in
      let file = try File(creating: path)
      let dataset = try file.root.createDataset("x", of: UInt8.self, shape: [3])
      try dataset.write([0, 7, 255] as [UInt8])
      #expect(try dataset.read(Float.self) == [0, 7, 255])
      #expect(try dataset.read(Int64.self) == [0, 7, 255])
    }
  }

  @Test func stringsKeepEveryCharacter() throws {
    let strings = ["", "plain", "a = 1\n\tb: ü", "η·λ 🦉", String(repeating: "long ", count: 30_000)]
    try withTemporaryFile { path in
      let file = try File(creating: path)
      let dataset = try file.root.createStringDataset("s", shape: [5])
      try dataset.write(strings)
      #expect(try dataset.readStrings() == strings)
      #expect(try dataset.elementType == .string)
      try dataset.write(["other"], in: Hyperslab(start: [1], count: [1]))
      #expect(try dataset.readStrings(in: Hyperslab(start: [0], count: [3])) == ["", "other", strings[2]])
    }
  }

  @Test func stringsThatWereNeverWrittenAreEmpty() throws {
    try withTemporaryFile { path in
      let file = try File(creating: path)
      let dataset = try file.root.createStringDataset("s", shape: [2, 2])
      #expect(try dataset.readStrings() == ["", "", "", ""])
    }
  }

  @Test func blocksAreReadAndWrittenInPlace() throws {
    try withTemporaryFile { path in
      let file = try File(creating: path)
      let dataset = try file.root.createDataset(
        "x", of: Double.self, shape: [3, 4], storage: .chunked([1, 3]), fill: .nan)
      try dataset.write([1.0, 2, 3, 4], in: Hyperslab(start: [1, 1], count: [2, 2]))
      let all = try dataset.read(Double.self)
      let expected = [5: 1.0, 6: 2, 9: 3, 10: 4]
      for (index, value) in all.enumerated() {
        #expect(expected[index].map { $0 == value } ?? value.isNaN, "element \(index)")
      }
      #expect(try dataset.read(Double.self, in: Hyperslab(start: [2, 1], count: [1, 2])) == [3, 4])
    }
  }

  @Test func aBlockOutsideTheShapeIsAnError() throws {
    try withTemporaryFile { path in
      let file = try File(creating: path)
      let dataset = try file.root.createDataset("x", of: Int32.self, shape: [4])
      #expect(throws: HDF5Error.self) {
        try dataset.read(Int32.self, in: Hyperslab(start: [3], count: [2]))
      }
    }
  }

  @Test func elementsThatWereNeverWrittenReadAsTheFillValue() throws {
    try withTemporaryFile { path in
      let file = try File(creating: path)
      let dataset = try file.root.createDataset(
        "x", of: Int64.self, shape: [1000, 1000], storage: .chunked([1, 1000]), fill: -1)
      #expect(try dataset.read(Int64.self, in: Hyperslab(start: [998, 999], count: [2, 1])) == [-1, -1])
      #expect(try dataset.fillValue(as: Int64.self) == -1)
    }
  }

  @Test func storageIsReadBackAsItWasChosen() throws {
    let choices: [Storage] = [
      .contiguous, .chunked([2, 3]), .chunked([2, 3], deflate: nil, shuffle: false, fletcher32: false),
      .chunked([1, 1], deflate: 9, shuffle: false), .chunked([5, 7], deflate: nil, shuffle: true),
    ]
    try withTemporaryFile { path in
      let file = try File(creating: path)
      for (index, choice) in choices.enumerated() {
        let dataset = try file.root.createDataset("\(index)", of: Float.self, shape: [5, 7], storage: choice)
        #expect(try dataset.storage == choice)
      }
      let clipped = try file.root.createDataset(
        "clipped", of: Float.self, shape: [5, 7], storage: .chunked([100, 4]))
      #expect(try clipped.storage == .chunked([5, 4]))
    }
  }

  @Test(arguments: [[], [0], [3, 0], [1, 1, 1]])
  func unusualShapesAreAllowed(shape: [Int]) throws {
    let values = [Double](repeating: 2.5, count: shape.reduce(1, *))
    try withTemporaryFile { path in
      let file = try File(creating: path)
      let dataset = try file.root.createDataset(
        "x", of: Double.self, shape: shape, storage: .chunked(shape.map { max($0, 1) }))
      try dataset.write(values)
      #expect(try dataset.shape == shape)
      #expect(try dataset.read(Double.self) == values)
      let strings = try file.root.createStringDataset("s", shape: shape)
      try strings.write(values.map { "\($0)" })
      #expect(try strings.readStrings() == values.map { "\($0)" })
    }
  }
}
