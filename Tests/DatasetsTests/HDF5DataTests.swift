import HDF5
import LinearAlgebra
import Problems
import Testing
import TestSupport

@testable import Datasets

@Suite struct HDF5DataTests {
  private func load(_ path: String, examples: Int? = nil) throws -> Datasets.Dataset<Double> {
    try DataConfiguration.hdf5(HDF5Data(path: path, examples: examples)).load(as: Double.self)
  }

  private func write(
    _ path: String, x: (shape: [Int], values: [Float]), _ body: (borrowing Group) throws -> Void
  ) throws {
    let file = try File(creating: path)
    try file.root.createDataset("x", of: Float.self, shape: x.shape).write(x.values)
    try body(file.root)
    try file.close()
  }

  @Test func classesAndTestSetAreRead() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/own.h5"
    try write(path, x: ([3, 1, 2], [1, 2, 3, 4, 5, 6])) { root in
      try root.createDataset("y", of: Int32.self, shape: [3]).write([Int32(2), 0, 1])
      try root.createDataset("x_test", of: Double.self, shape: [1, 2]).write([7.0, 8])
      try root.createDataset("y_test", of: Int32.self, shape: [1]).write([Int32(1)])
    }
    let data = try load(path, examples: 2)
    #expect(data.task == .classification)
    #expect(data.training.inputs.array == [1, 2, 3, 4])
    #expect(data.training.targets.array == [0, 0, 1, 1, 0, 0])
    #expect(data.test?.inputs.array == [7, 8])
    #expect(data.test?.targets.array == [0, 1, 0])
  }

  @Test(
    arguments: [
      ([2, 1, 2, 3], [], [1, 2, 3]), ([2, 6], [], nil), ([2, 6], [3, 2, 1], [3, 2, 1]),
      ([2, 1, 2, 3], [6, 1, 1], [6, 1, 1]),
    ] as [([Int], [Int], [Int]?)])
  func imagesHaveTheShapeOfTheAxesOrOfTheKey(shape: [Int], key: [Int], expected: [Int]?) throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/own.h5"
    try write(path, x: (shape, Array(repeating: 1, count: 12))) { root in
      try root.createDataset("y", of: Double.self, shape: [2]).write([1.0, 2])
    }
    let image = try HDF5Data(path: path, image: key).load(as: Double.self).image
    #expect(image.map { [$0.channels, $0.height, $0.width] } == expected)
    for wrong in [[6], [1, 2, 4], [1, 1, 2, 3]] {
      let error = #expect(throws: Problem.self) {
        try HDF5Data(path: path, image: wrong).load(as: Float.self)
      }
      #expect(error?.subject == "data.image")
    }
  }

  @Test func valuesAreRegressed() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/own.h5"
    try write(path, x: ([2, 2], [1, 2, 3, 4])) { root in
      try root.createDataset("y", of: Double.self, shape: [2, 3]).write([1.0, 2, 3, 4, 5, 6.5])
    }
    let data = try load(path)
    #expect(data.task == .regression)
    #expect(data.training.outputs == 3)
    #expect(data.training.targets.array == [1, 2, 3, 4, 5, 6.5])
  }

  @Test(arguments: [
    (Int64.max, "the class 9223372036854775807 in y"), (100_000, "the class 100000 in y"),
    (-1, "the class -1 in y"), (0, "one class only in y"),
  ]) func impossibleClassesAreReported(label: Int64, sentence: String) throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/own.h5"
    try write(path, x: ([2, 1], [1, 2])) { root in
      try root.createDataset("y", of: Int64.self, shape: [2]).write([0, label])
    }
    #expect(
      performing: { try load(path) },
      throws: { "\($0)".contains("data.path: \(path) ") && "\($0)".contains(sentence) })
  }

  @Test func targetsTooLargeForMemoryAreReported() {
    let labels = Array(repeating: 0, count: 100_000)
    #expect(
      performing: { try TargetEncoding.oneHot.targets(of: labels, classes: 100_000, as: Float.self) },
      throws: { "\($0)".contains("100000 x 100000 numbers of one-hot targets") })
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity]) func numbersThatAreNotFiniteAreReported(_ value: Float)
    throws
  {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/own.h5"
    for (inputs, targets, place) in [
      ([1, 2, 3, value], [0, 1], "row 1 of x"), ([1, 2, 3, 4], [value, 1], "row 0 of y"),
    ] {
      try write(path, x: ([2, 2], inputs)) { root in
        try root.createDataset("y", of: Float.self, shape: [2]).write(targets)
      }
      #expect(performing: { try load(path) }, throws: { "\($0)".contains("holds \(value) in \(place)") })
    }
  }

  @Test func faultsAreReported() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/own.h5"
    try write(path, x: ([2, 1], [1, 2])) { _ in }
    #expect(throws: Problem.self, "no y") { try load(path) }
    try write(path, x: ([2, 1], [1, 2])) { root in
      try root.createDataset("y", of: Int32.self, shape: [3]).write([Int32(2), 0, 1])
    }
    #expect(throws: Problem.self, "rows disagree") { try load(path) }
    try write(path, x: ([2, 1], [1, 2])) { root in
      try root.createDataset("y", of: Int32.self, shape: [2]).write([Int32(0), -1])
    }
    #expect(throws: Problem.self, "negative class") { try load(path) }
    try write(path, x: ([2, 0], [])) { root in
      try root.createDataset("y", of: Double.self, shape: [2]).write([0.0, 1])
    }
    #expect(
      performing: { try load(path) },
      throws: { "\($0)".contains("has x as float32 of shape 2 x 0, rows of length 0") })
    #expect(throws: Problem.self, "no HDF5 file") { try load(try folder.write([1, 2, 3], to: "text")) }
    #expect(throws: Problem.self, "no file") { try load("\(folder.path)/absent.h5") }
  }
}
