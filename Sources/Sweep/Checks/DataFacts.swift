// What can be told of a dataset before it is read: from its keys, and from the names and sizes of its files.

internal import Foundation
internal import Learning

/// The shape of a dataset; nil where only reading tells.
struct DataFacts: Hashable {
  var examples: Int?
  var features: Int?
  var outputs: Int?
  /// Whether the targets are classes.
  var hasClasses: Bool?
}

extension DataFacts {
  /// Looks at a configuration and its files.
  init(_ data: DataConfiguration) throws(KeyProblem) {
    self.init()
    switch data {
    case .chebyshev(let data):
      (examples, features, outputs, hasClasses) = (data.points, 1, 1, false)
    case .deepLinear(let data):
      (examples, features, outputs, hasClasses) = (data.examples, data.dimension, data.dimension, false)
      if data.examples < data.dimension {
        throw KeyProblem(
          "data.examples", "\(data.examples) examples cannot be orthogonal in \(data.dimension) dimensions",
          remedy: "write at least \(data.dimension)")
      }
    case .gaussianMixture(let data):
      outputs = try Self.outputs(data.targets, classes: data.classes)
      (examples, features, hasClasses) = (data.examples, data.features, true)
    case .cifar10(let data): try self.init(data)
    case .idx(let data): try self.init(data)
    case .hdf5(let data):
      try Self.requireFile(data.path, key: "data.path")
      examples = data.examples
    }
  }

  private static func outputs(_ targets: TargetEncoding, classes: Int?) throws(KeyProblem) -> Int? {
    switch targets {
    case .oneHot: return classes
    case .signed:
      guard let classes, classes != 2 else { return 1 }
      throw KeyProblem(
        "data.targets", "signed targets need 2 classes, but there are \(classes)",
        remedy: "write 'classes: 2', or one-hot targets")
    }
  }
}

// MARK: - CIFAR-10

extension DataFacts {
  private static let recordBytes = 1 + 3 * 32 * 32

  private init(_ data: CIFAR10Data) throws(KeyProblem) {
    self.init()
    let classes = data.selection.classes ?? 10
    if classes > 10 {
      throw KeyProblem("data.classes", "CIFAR-10 has 10 classes, not \(classes)", remedy: "write at most 10")
    }
    if let test = data.test { _ = try Self.records(in: test, key: "data.test") }
    var records = 0
    for file in try Self.trainingFiles(data.path) { records += try Self.records(in: file, key: "data.path") }
    examples = try Self.selected(data.selection, of: records, classes: classes, path: data.path)
    outputs = try Self.outputs(data.selection.targets, classes: classes)
    features = Self.recordBytes - 1
    hasClasses = true
  }

  private static func trainingFiles(_ path: String) throws(KeyProblem) -> [String] {
    guard isDirectory(path) else { return [path] }
    let files = (1...5).map { "\(path)/data_batch_\($0).bin" }
    if let missing = files.first(where: { !FileManager.default.fileExists(atPath: $0) }) {
      throw KeyProblem(
        "data.path", "the directory has no file \(missing)",
        remedy: "unpack the binary version of CIFAR-10 there, or name a single file")
    }
    return files
  }

  private static func records(in path: String, key: String) throws(KeyProblem) -> Int {
    let bytes = try requireFile(path, key: key)
    guard bytes > 0, bytes.isMultiple(of: recordBytes) else {
      throw KeyProblem(
        key,
        "\(path) has \(bytes) bytes, which is not a whole number of CIFAR-10 records of \(recordBytes) bytes",
        remedy: "fetch the file again: the binary version of CIFAR-10, unpacked")
    }
    return bytes / recordBytes
  }

  private static func selected(
    _ selection: ImageSelection, of records: Int, classes: Int, path: String
  ) throws(KeyProblem) -> Int? {
    guard let wanted = selection.examples else { return classes == 10 ? records : nil }
    if wanted > records {
      throw KeyProblem(
        "data.examples", "\(wanted) examples are asked for, but \(path) has \(records)",
        remedy: "write at most \(records), or add files")
    }
    try checkShares(selection, classes: classes)
    return wanted
  }

  fileprivate static func checkShares(_ selection: ImageSelection, classes: Int) throws(KeyProblem) {
    guard selection.subset == .perClass, let wanted = selection.examples, !wanted.isMultiple(of: classes)
    else {
      return
    }
    throw KeyProblem(
      "data.examples", "\(classes) classes cannot share \(wanted) examples equally",
      remedy: "write a multiple of \(classes), or 'subset: first'")
  }
}

// MARK: - IDX

extension DataFacts {
  private init(_ data: IDXData) throws(KeyProblem) {
    self.init()
    try Self.checkPair(data.images, data.labels, key: "data.labels", path: data.path, prefix: "train")
    if data.testImages != nil || data.testLabels != nil {
      try Self.checkPair(data.testImages, data.testLabels, key: "data.test_labels", path: nil, prefix: "t10k")
    }
    if let classes = data.selection.classes { try Self.checkShares(data.selection, classes: classes) }
    outputs = try Self.outputs(data.selection.targets, classes: data.selection.classes)
    examples = data.selection.examples
    hasClasses = true
  }

  private static func checkPair(
    _ images: String?, _ labels: String?, key: String, path: String?, prefix: String
  ) throws(KeyProblem) {
    let imagesKey = key.replacing("labels", with: "images")
    switch (images, labels) {
    case (let images?, let labels?):
      try requireFile(images, key: imagesKey)
      try requireFile(labels, key: key)
    case (nil, nil):
      guard let path else {
        throw KeyProblem(
          "data.path", "neither a directory nor files are named", remedy: "write 'path: DIRECTORY'")
      }
      try checkDirectory(path, prefix: prefix)
    default:
      throw KeyProblem(
        key, "images and labels come in pairs, but one is missing", remedy: "write both, or only path")
    }
  }

  private static func checkDirectory(_ path: String, prefix: String) throws(KeyProblem) {
    for name in ["\(prefix)-images-idx3-ubyte", "\(prefix)-labels-idx1-ubyte"] {
      let candidates = ["\(path)/\(name)", "\(path)/\(name).gz"]
      if !candidates.contains(where: FileManager.default.fileExists) {
        throw KeyProblem(
          "data.path", "\(path) has no file \(name), with or without .gz",
          remedy: "correct the path, or name the files with images and labels")
      }
    }
  }
}

// MARK: - Files

extension DataFacts {
  private static func isDirectory(_ path: String) -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: resolved(path))
    return attributes?[.type] as? FileAttributeType == .typeDirectory
  }

  private static func resolved(_ path: String) -> String {
    URL(filePath: path).resolvingSymlinksInPath().path(percentEncoded: false)
  }

  /// The size of a file that must exist and be readable.
  @discardableResult
  static func requireFile(_ path: String, key: String) throws(KeyProblem) -> Int {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: resolved(path)) else {
      throw KeyProblem(
        key, "there is no file \(path)",
        remedy: "correct the path, which is relative to \(FileManager.default.currentDirectoryPath)")
    }
    if attributes[.type] as? FileAttributeType == .typeDirectory {
      throw KeyProblem(key, "\(path) is a directory", remedy: "name a file")
    }
    guard FileManager.default.isReadableFile(atPath: path) else {
      throw KeyProblem(key, "\(path) cannot be read", remedy: "check its permissions")
    }
    return attributes[.size] as? Int ?? 0
  }
}
