import HDF5
import TestSupport
import Testing

@Suite struct ObstacleTests {
  private func obstacle(
    _ storage: Storage, shape: [Int] = [10, 3], writing block: Hyperslab? = nil, all: Bool = false
  ) throws -> Obstacle? {
    let folder = try TemporaryFolder()
    let file = try File(creating: folder("own.h5"))
    let dataset = try file.root.createDataset("x", of: Float.self, shape: shape, storage: storage)
    if all { try dataset.write([Float](repeating: 1, count: shape.reduce(1, *))) }
    if let block { try dataset.write([Float](repeating: 1, count: block.count.reduce(1, *)), in: block) }
    _ = consume dataset
    try file.close()
    return try File(opening: folder("own.h5")).root.openDataset("x").obstacle()
  }

  @Test(arguments: [Storage.contiguous, .chunked([4, 2]), .chunked([4, 2], deflate: nil, shuffle: false)])
  func whatWasWrittenIsThere(storage: Storage) throws {
    #expect(try obstacle(storage, all: true) == nil)
    #expect(try obstacle(storage)?.sentence.contains("never written") == true)
    #expect(try obstacle(storage, shape: [0, 3]) == nil)
  }

  @Test func chunksThatAreMissingAreCounted() throws {
    let block = Hyperslab(start: [0, 0], count: [5, 2])
    let sentence = try obstacle(.chunked([4, 2]), writing: block)?.sentence
    #expect(sentence?.contains("2 of its 6 chunks") == true)
  }

  @Test func linksAreTold() throws {
    let folder = try TemporaryFolder()
    let file = try File(creating: folder("own.h5"))
    _ = try file.root.createDataset("x", of: Float.self, shape: [1])
    #expect(try file.root.link("x") == .hard)
    #expect(try file.root.link("y") == nil)
    let (reachesX, reachesY) = (file.root.reaches("x"), file.root.reaches("y"))
    #expect(reachesX && !reachesY)
  }

  @Test func typesHaveTheNamesThatNumPyHasForThem() throws {
    let folder = try TemporaryFolder()
    let file = try File(creating: folder("own.h5"))
    #expect(
      try file.root.createDataset("a", of: UInt8.self, shape: [1]).storedType
        == .integer(bits: 8, signed: false))
    #expect("\(try file.root.createDataset("b", of: Int64.self, shape: [1]).storedType)" == "int64")
    #expect("\(try file.root.createDataset("c", of: Float.self, shape: [1]).storedType)" == "float32")
    let text = try file.root.createStringDataset("d", shape: [1]).storedType
    #expect(!text.isNumber && !text.isInteger)
  }
}
