import Foundation
import LinearAlgebra
import NodeMemory
import Problems
import TestSupport
import Testing

@testable import Datasets

@Suite struct SharedDataTests {
  private let board: NodeBoard
  /// The same memory, as another process sees it.
  private let other: NodeBoard

  init() throws {
    board = try #require(NodeBoard())
    other = try #require(board.address.flatMap { NodeBoard($0) })
  }

  private static let configurations: [DataConfiguration] = [
    .chebyshev(ChebyshevData()), .deepLinear(DeepLinearData(examples: 12, dimension: 5)),
    .gaussianMixture(GaussianMixtureData()),
  ]

  private func expectSame<Scalar: RealScalar>(_ shared: Dataset<Scalar>, _ own: Dataset<Scalar>) {
    #expect(shared.name == own.name && shared.task == own.task && shared.image == own.image)
    #expect(shared.notes == own.notes)
    for (left, right) in zip([shared.training, shared.test], [own.training, own.test]) {
      #expect(left?.count == right?.count && left?.features == right?.features)
      #expect(left?.inputs.array == right?.inputs.array)
      #expect(left?.targets.array == right?.targets.array)
    }
  }

  @Test(arguments: configurations)
  func whatIsSharedIsTheDataItself(configuration: DataConfiguration) throws {
    let own = try configuration.load(as: Float.self)
    let made = try configuration.load(as: Float.self, sharedOn: board) {}
    let read = try configuration.load(as: Float.self, sharedOn: other) {}
    expectSame(made, own)
    expectSame(read, own)
    expectSame(
      try configuration.load(as: Double.self, sharedOn: other) {}, try configuration.load(as: Double.self))
  }

  @Test func dataOfOneFileIsReadOnce() throws {
    let folder = try TemporaryFolder()
    let record = { (label: UInt8) in [label] + (0..<3072).map { UInt8(($0 * 7 + Int(label)) % 256) } }
    let path = try folder.write((0..<8).flatMap { record(UInt8($0 % 4)) }, to: "data_batch_1.bin")
    var data = CIFAR10Data(path: path)
    let configuration = DataConfiguration.cifar10(data)
    let first = try configuration.load(as: Float.self, sharedOn: board) {}
    try FileManager.default.removeItem(atPath: path)
    #expect(throws: Problem.self) { try configuration.load(as: Float.self) }
    let second = try configuration.load(as: Float.self, sharedOn: other) {}
    expectSame(second, first)
    #expect(second.image == ImageShape(channels: 3, height: 32, width: 32))
    // Another configuration of the same file is other data.
    data.selection.examples = 4
    #expect(throws: Problem.self) {
      try DataConfiguration.cifar10(data).load(as: Float.self, sharedOn: other) {}
    }
  }
}
