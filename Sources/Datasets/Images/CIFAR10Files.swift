import Files
import Problems
package import Schema

/// CIFAR-10 in its binary layout: records of one label byte and 3,072 bytes, the red, green and blue planes.
public struct CIFAR10Data: Sendable, Hashable {
  /// A file of records, or the directory that holds `data_batch_1.bin` to `data_batch_5.bin`; required.
  public var path: String
  /// A file of test records; nil for `test_batch.bin` when `path` is a directory that holds one.
  public var test: String?
  /// Which images, and how they are scaled.
  public var selection: ImageSelection

  /// Creates the configuration.
  public init(path: String, test: String? = nil, selection: ImageSelection = ImageSelection()) {
    self.path = path
    self.test = test
    self.selection = selection
  }
}

extension CIFAR10Data: DataSource {
  package static let name = "cifar10"
  package static let standard = CIFAR10Data(path: "")

  package static let bindings: [Binding<CIFAR10Data>] =
    [
      Binding(\.path, DataKeys.path, isRequired: true),
      Binding(
        \.test,
        Key(
          "data.test", .path(unset: "automatic"),
          about: "File of test records; `automatic`: `test_batch.bin` of the directory, if it is there.")),
    ] + ImageSelection.bindings.map { Binding(\.selection, $0) }

  package var file: String? { path }
}

extension CIFAR10Data {
  private static let shape = ImageShape(channels: 3, height: 32, width: 32)
  private static var imageSize: Int { shape.count }
  /// CIFAR-100 has two labels per image.
  private static var cifar100RecordSize: Int { imageSize + 2 }

  /// The training files: the batches of a directory, or the one file.
  func trainingFiles() throws(Problem) -> [DataFile] {
    let given = DataFile(key: "data.path", path: path)
    guard try given.kind() == .directory else { return [given] }
    var found: [DataFile] = []
    var missing: [String] = []
    for batch in 1...5 {
      let name = "data_batch_\(batch).bin"
      if let file = try given.first(of: [name, name + ".gz"]) {
        found.append(file)
      } else {
        missing.append(name)
      }
    }
    if found.isEmpty { throw try Self.problem(ofDirectory: given) }
    guard missing.isEmpty else {
      throw given.problem(
        "lacks \(missing.listed)", remedy: "fetch the rest of CIFAR-10, or name a single file of records")
    }
    return found
  }

  private static func problem(ofDirectory directory: DataFile) throws(Problem) -> Problem {
    let names = try directory.names()
    if names.contains("data_batch_1") {
      return directory.problem(
        "holds the Python version of CIFAR-10", remedy: "fetch the binary version, cifar-10-binary.tar.gz")
    }
    if let inner = try directory.folder(holding: ["data_batch_1.bin", "data_batch_1.bin.gz"]) {
      return directory.problem(
        "holds no data_batch_1.bin, but \(inner.path) does", remedy: "write 'path: \(inner.path)'")
    }
    return directory.problem(
      "holds no data_batch_1.bin: it holds \(names.listed)",
      remedy: "name the folder of CIFAR-10's binary version, or a file of its records")
  }

  /// The test file, if there is one.
  func testFile() throws(Problem) -> DataFile? {
    if let test { return DataFile(key: "data.test", path: test) }
    let given = DataFile(key: "data.path", path: path)
    guard try given.kind() == .directory else { return nil }
    return try given.first(of: ["test_batch.bin", "test_batch.bin.gz"])
  }

  /// All images of a file.
  static func images(in file: DataFile) throws(Problem) -> LabelledImages {
    let records = try file.bytes()
    let recordSize = imageSize + 1
    guard !records.isEmpty else { throw file.problem("is empty", remedy: "fetch it again") }
    if isCIFAR100(records) {
      throw file.problem(
        "has records of \(cifar100RecordSize) bytes: these are CIFAR-100's",
        remedy: "give CIFAR-10, or store the images and one label each as x and y of an HDF5 file")
    }
    guard records.count.isMultiple(of: recordSize) else {
      throw file.problem(ofFormat: records)
        ?? file.problem(
          "has \(records.count) bytes, which is not a whole number of CIFAR-10 records of \(recordSize) bytes",
          remedy: "fetch the binary version of CIFAR-10 again")
    }
    var images = LabelledImages(
      source: file.path, pixels: [], labels: [], channels: 3, imageSize: imageSize, shape: shape, classes: 10)
    images.pixels.reserveCapacity(records.count)
    for start in stride(from: 0, to: records.count, by: recordSize) {
      guard records[start] < 10 else {
        throw file.problem(
          "has the label \(records[start]) in record \(start / recordSize), but CIFAR-10 has 10 classes",
          remedy: "give a file in CIFAR-10's binary layout")
      }
      images.labels.append(records[start])
      images.pixels += records[start + 1..<start + recordSize]
    }
    return images
  }

  /// Whether the size fits records of CIFAR-100, and where it fits both, all bytes at the places of its labels do, too.
  private static func isCIFAR100(_ records: [UInt8]) -> Bool {
    guard records.count.isMultiple(of: cifar100RecordSize) else { return false }
    guard records.count.isMultiple(of: imageSize + 1) else { return true }
    return stride(from: 0, to: records.count, by: cifar100RecordSize).allSatisfy {
      records[$0] < 20 && records[$0 + 1] < 100
    }
  }
}
