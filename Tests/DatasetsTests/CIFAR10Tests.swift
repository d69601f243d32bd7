import Foundation
import LinearAlgebra
import Problems
import Testing
import TestSupport

@testable import Datasets

@Suite struct CIFAR10Tests {
  /// Records whose bytes differ from pixel to pixel and from image to image.
  private func records(_ labels: [UInt8], shift: Int = 0) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, label) in labels.enumerated() {
      let offset = (index + shift) * (index + shift) * 31
      bytes.append(label)
      bytes += (0..<3072).map { UInt8(truncatingIfNeeded: $0 * 7 + offset) }
    }
    return bytes
  }

  private func load(_ data: CIFAR10Data) throws -> Dataset<Double> {
    try DataConfiguration.cifar10(data).load(as: Double.self)
  }

  private func column(_ index: Int, of examples: Examples<Double>) -> [Double] {
    (0..<examples.count).map { examples.inputs[$0 * examples.features + index] }
  }

  private func labels(_ examples: Examples<Double>) -> [Int] {
    (0..<examples.count).map { row in
      let target = (0..<examples.outputs).map { examples.targets[row * examples.outputs + $0] }
      return target.firstIndex(of: 1) ?? -1
    }
  }

  @Test func pixelsAreStandardisedOverTheWholeFile() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(records([3, 0, 9, 1, 3]), to: "train.bin")
    let data = try load(CIFAR10Data(path: path))
    #expect(data.training.features == 3072)
    #expect(data.image == ImageShape(channels: 3, height: 32, width: 32))
    #expect(labels(data.training) == [3, 0, 9, 1, 3])
    for pixel in [0, 1000, 3071] {
      let values = column(pixel, of: data.training)
      #expect(abs(values.reduce(0, +)) < 1e-10)
      #expect(abs(values.reduce(0) { $0 + $1 * $1 } / 5 - 1) < 1e-10)
    }
    let subset = try load(CIFAR10Data(path: path, selection: ImageSelection(examples: 2)))
    #expect(column(7, of: subset.training) == Array(column(7, of: data.training).prefix(2)))
  }

  @Test func channelsAreStandardisedOverAllTheirPixels() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(records([3, 0, 9]), to: "train.bin")
    let data = try load(CIFAR10Data(path: path, selection: ImageSelection(standardize: .channel)))
    let green = (1024..<2048).flatMap { column($0, of: data.training) }
    #expect(abs(green.reduce(0, +)) < 1e-8)
    #expect(abs(green.reduce(0) { $0 + $1 * $1 } / Double(green.count) - 1) < 1e-10)
  }

  @Test func unscaledPixelsAreFractions() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(records([0, 1]), to: "train.bin")
    let data = try load(CIFAR10Data(path: path, selection: ImageSelection(standardize: .none)))
    #expect(abs(data.training.inputs[2] - 14.0 / 255) < 1e-15)
  }

  @Test func perClassSubsetTakesTheFirstOfEachClass() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(records([1, 1, 2, 0, 1, 0, 0]), to: "train.bin")
    let selection = ImageSelection(examples: 4, classes: 2, subset: .perClass, targets: .signed)
    let data = try load(CIFAR10Data(path: path, selection: selection))
    #expect(data.training.targets.array == [1, 1, -1, -1])
    #expect(data.task == .signedClassification)
  }

  @Test func directoryHoldsBatchesAndTest() throws {
    let folder = try TemporaryFolder()
    for batch in 1...5 {
      _ = try folder.write(records([UInt8(batch), 0], shift: batch), to: "data_batch_\(batch).bin")
    }
    _ = try folder.write(records([7, 8, 9]), to: "test_batch.bin")
    let data = try load(CIFAR10Data(path: folder.path, selection: ImageSelection(testExamples: 2)))
    #expect(labels(data.training) == [1, 0, 2, 0, 3, 0, 4, 0, 5, 0])
    #expect(data.test.map(labels) == [7, 8])
  }

  /// Real images, where a file of them is named.
  private static let realImages = ProcessInfo.processInfo.environment["EOS_SWEEP_IMAGES"] ?? ""

  @Test(.enabled("EOS_SWEEP_IMAGES does not name data_batch_1.bin of CIFAR-10") { !realImages.isEmpty })
  func realImagesHaveTheirClassCounts() throws {
    let data = try load(CIFAR10Data(path: Self.realImages, selection: ImageSelection(examples: 5000)))
    let counts = labels(data.training).reduce(into: [Int](repeating: 0, count: 10)) { $0[$1] += 1 }
    #expect(counts == [505, 460, 519, 486, 519, 488, 519, 486, 520, 498])
  }

  @Test(arguments: [
    ("truncated.bin", "whole number of CIFAR-10 records"), ("labels.bin", "label 200 in record 1"),
    ("absent.bin", "does not exist"), ("", "holds no data_batch_1.bin: it holds labels.bin, truncated.bin"),
  ]) func brokenFilesAreNamed(name: String, problem: String) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Array(records([1, 2]).dropLast()), to: "truncated.bin")
    _ = try folder.write(records([1, 200]), to: "labels.bin")
    let error = #expect(throws: Problem.self) { try load(CIFAR10Data(path: "\(folder.path)/\(name)")) }
    #expect(error?.description.contains(problem) == true)
    #expect(error?.subject == "data.path")
    #expect(error?.sentence.contains("\(folder.path)/\(name)") == true)
  }

  @Test(arguments: [
    (ImageSelection(examples: 9), "data.examples"),
    (ImageSelection(examples: 0), "data.examples"),
    (ImageSelection(examples: 3, classes: 2, subset: .perClass), "data.examples"),
    (ImageSelection(examples: 6, classes: 2, subset: .perClass), "data.examples"),
    (ImageSelection(classes: 11), "data.classes"),
    (ImageSelection(targets: .signed), "data.targets"),
  ]) func impossibleSelectionsNameTheKey(selection: ImageSelection, key: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(records([0, 1, 2, 1]), to: "train.bin")
    let error = #expect(throws: Problem.self) { try load(CIFAR10Data(path: path, selection: selection)) }
    #expect(error?.subject == key)
  }
}
