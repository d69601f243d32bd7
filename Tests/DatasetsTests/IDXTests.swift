import LinearAlgebra
import Problems
import Testing
import TestSupport

@testable import Datasets

@Suite struct IDXTests {
  private func idx(_ shape: [Int], _ elements: [UInt8]) -> [UInt8] {
    [0, 0, 8, UInt8(shape.count)] + shape.flatMap { [0, 0, UInt8($0 / 256), UInt8($0 % 256)] } + elements
  }

  private let pixels: [UInt8] = (0..<4 * 6).map { UInt8($0 * $0 % 251) }

  private func folder(compressed: Bool) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let suffix = compressed ? ".gz" : ""
    for (prefix, labels) in [("train", [UInt8]([0, 2, 1, 2])), ("t10k", [1, 1, 0, 2])] {
      let images = idx([4, 2, 3], pixels), labels = idx([4], labels)
      _ = try folder.write(compressed ? gzip(images) : images, to: "\(prefix)-images-idx3-ubyte\(suffix)")
      _ = try folder.write(compressed ? gzip(labels) : labels, to: "\(prefix)-labels-idx1-ubyte\(suffix)")
    }
    return folder
  }

  @Test(arguments: [false, true]) func directoryIsRead(compressed: Bool) throws {
    let folder = try folder(compressed: compressed)
    let data = try DataConfiguration.idx(
      IDXData(path: folder.path, selection: ImageSelection(standardize: .none))
    ).load(as: Float.self)
    #expect(data.training.inputs.array == pixels.map { Float(Double($0) * (1 / 255)) })
    #expect(data.training.targets.array == [1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1])
    #expect(data.test?.targets.array == [0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1])
  }

  @Test func truncatedGzipIsReported() throws {
    let folder = try TemporaryFolder()
    let images = try folder.write(Array(gzip(idx([4, 2, 3], pixels)).dropLast(12)), to: "i.gz")
    let labels = try folder.write(idx([4], [0, 1, 1, 0]), to: "l")
    let error = #expect(throws: Problem.self) {
      try DataConfiguration.idx(IDXData(images: images, labels: labels)).load(as: Float.self)
    }
    #expect(error?.subject == "data.images")
    #expect(error?.sentence.contains(images) == true)
    #expect(error?.sentence.contains("truncated") == true)
  }

  @Test(
    arguments: [
      ([0, 0, 0, 0], nil, "labels of one class only"),
      ([5, 3, 4, 5], 3, "no example of the first 3 classes"),
    ] as [([UInt8], Int?, String)])
  func classesWithoutExamplesAreReported(labels: [UInt8], classes: Int?, sentence: String) throws {
    let folder = try TemporaryFolder()
    let images = try folder.write(idx([4, 2, 3], pixels), to: "images")
    let labels = try folder.write(idx([4], labels), to: "labels")
    let data = IDXData(images: images, labels: labels, selection: ImageSelection(classes: classes))
    #expect(
      performing: { try DataConfiguration.idx(data).load(as: Float.self) },
      throws: { "\($0)".contains(images) && "\($0)".contains(sentence) })
  }

  @Test func malformedFilesAreReported() throws {
    let folder = try TemporaryFolder()
    let good = try folder.write(idx([4, 2, 3], pixels), to: "good")
    let labels = try folder.write(idx([4], [0, 1, 1, 0]), to: "labels")
    let short = try folder.write(idx([4, 2, 4], pixels), to: "short")
    let text = try folder.write(Array("not an array".utf8), to: "text")
    let fewer = try folder.write(idx([3], [0, 1, 1]), to: "fewer")
    let empty = try folder.write(idx([4, 0, 3], []), to: "empty")
    // The product of these extents is 2^64.
    let vast = try folder.write([0, 0, 8, 4] + [4, 1, 1, 64].flatMap { [UInt8($0), 0, 0, 0] }, to: "vast")
    for (images, labels) in [
      (short, labels), (text, labels), (good, fewer), (good, text), (good, good), (empty, labels),
      (vast, labels),
    ] {
      #expect(throws: Problem.self) {
        try DataConfiguration.idx(IDXData(images: images, labels: labels)).load(as: Float.self)
      }
    }
    #expect(throws: Problem.self) { try DataConfiguration.idx(IDXData(images: good)).load(as: Float.self) }
    #expect(throws: Problem.self) {
      try DataConfiguration.idx(IDXData(path: folder.path)).load(as: Float.self)
    }
    #expect(throws: Problem.self) { try DataConfiguration.idx(IDXData()).load(as: Float.self) }
  }
}
