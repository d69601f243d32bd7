import Foundation
import Problems

extension CIFAR10Data {
  private static let shape = ImageShape(channels: 3, height: 32, width: 32)
  private static var imageSize: Int { shape.count }

  /// The training files: the batches of a directory, or the one file.
  var trainingFiles: [String] {
    let batches = (1...5).map { "\(path)/data_batch_\($0).bin" }
    return FileManager.default.fileExists(atPath: batches[0]) ? batches : [path]
  }

  /// The test file, if there is one.
  var testFile: String? {
    if let test { return test }
    let candidate = "\(path)/test_batch.bin"
    return FileManager.default.fileExists(atPath: candidate) ? candidate : nil
  }

  /// All images of some files.
  static func images(inFiles paths: [String]) throws(Problem) -> LabelledImages {
    var all = LabelledImages(
      pixels: [], labels: [], channels: 3, imageSize: imageSize, shape: shape, classes: 10)
    for path in paths { all.append(try images(inFile: path)) }
    return all
  }

  private static func images(inFile path: String) throws(Problem) -> LabelledImages {
    let records = try bytes(ofFile: path)
    let recordSize = imageSize + 1
    guard !records.isEmpty, records.count.isMultiple(of: recordSize) else {
      throw Problem(
        path,
        "has \(records.count) bytes, which is not a whole number of CIFAR-10 records of \(recordSize) bytes",
        remedy: "fetch the binary version of CIFAR-10 again")
    }
    var images = LabelledImages(
      pixels: [], labels: [], channels: 3, imageSize: imageSize, shape: shape, classes: 10)
    images.pixels.reserveCapacity(records.count)
    for start in stride(from: 0, to: records.count, by: recordSize) {
      guard records[start] < 10 else {
        throw Problem(
          path,
          "has the label \(records[start]) in record \(start / recordSize), but CIFAR-10 has 10 classes",
          remedy: "give a file in CIFAR-10's binary layout")
      }
      images.labels.append(records[start])
      images.pixels += records[start + 1..<start + recordSize]
    }
    return images
  }
}
