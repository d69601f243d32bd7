import Problems
package import Schema

/// Images and labels in the IDX format of MNIST, compressed with gzip or not.
///
/// `path` is a directory with the usual names (`train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-...`, with or
/// without `.gz`); the other keys name single files and take precedence.
public struct IDXData: Sendable, Hashable {
  /// A directory with the usual names; nil when `images` and `labels` are given.
  public var path: String?
  /// The training images; nil: found in `path`.
  public var images: String?
  /// The training labels; nil: found in `path`.
  public var labels: String?
  /// The test images; nil: found in `path` if there.
  public var testImages: String?
  /// The test labels; nil: found in `path` if there.
  public var testLabels: String?
  /// Which images, and how they are scaled.
  public var selection: ImageSelection

  /// Creates the configuration.
  public init(
    path: String? = nil, images: String? = nil, labels: String? = nil, testImages: String? = nil,
    testLabels: String? = nil, selection: ImageSelection = ImageSelection()
  ) {
    self.path = path
    self.images = images
    self.labels = labels
    self.testImages = testImages
    self.testLabels = testLabels
    self.selection = selection
  }
}

extension IDXData: DataSource {
  package static let name = "idx"
  package static let standard = IDXData()

  package static let bindings: [Binding<IDXData>] =
    [
      Binding(\.path, DataKeys.path),
      Binding(
        \.images,
        key("images", about: "Training images, where they are not in `path` by their usual name.")),
      Binding(\.labels, key("labels", about: "Training labels, likewise.")),
      Binding(\.testImages, key("test_images", about: "Test images, likewise.")),
      Binding(\.testLabels, key("test_labels", about: "Test labels, likewise.")),
    ] + ImageSelection.bindings.map { Binding(\.selection, $0) }

  private static func key(_ name: String, about: String) -> Key {
    Key("data.\(name)", .path(unset: "none"), about: about)
  }

  package var file: String? { images ?? path }
}

/// The two files of an IDX image set.
struct IDXPair {
  var images: DataFile
  var labels: DataFile
}

extension IDXData {
  private var directory: DataFile? { path.map { DataFile(key: "data.path", path: $0) } }

  /// The training files.
  func trainingFiles() throws(Problem) -> IDXPair {
    if let images, let labels {
      return IDXPair(
        images: DataFile(key: "data.images", path: images), labels: DataFile(key: "data.labels", path: labels)
      )
    }
    guard images == nil, labels == nil else {
      throw Problem(
        images == nil ? "data.labels" : "data.images", "is only one of images and labels",
        remedy: "give both, or only path")
    }
    guard let directory else {
      throw Problem("data.path", "is missing", remedy: "give a directory, or the keys images and labels")
    }
    try directory.requireDirectory()
    guard let pair = try Self.usualPair(in: directory, prefix: "train") else {
      throw try Self.problem(of: directory)
    }
    return pair
  }

  /// The test files, if there are any.
  func testFiles() throws(Problem) -> IDXPair? {
    if let testImages, let testLabels {
      return IDXPair(
        images: DataFile(key: "data.test_images", path: testImages),
        labels: DataFile(key: "data.test_labels", path: testLabels))
    }
    guard testImages == nil, testLabels == nil else {
      throw Problem(
        testImages == nil ? "data.test_labels" : "data.test_images",
        "is only one of test_images and test_labels", remedy: "give both or neither")
    }
    guard let directory else { return nil }
    try directory.requireDirectory()
    return try Self.usualPair(in: directory, prefix: "t10k")
  }

  /// The usual names of a file: as MNIST has them, and as some unpackers write them.
  private static func names(_ prefix: String, _ content: String, axes: Int) -> [String] {
    ["\(prefix)-\(content)-idx\(axes)-ubyte", "\(prefix)-\(content).idx\(axes)-ubyte"].flatMap {
      [$0, $0 + ".gz"]
    }
  }

  private static func usualPair(in directory: DataFile, prefix: String) throws(Problem) -> IDXPair? {
    let images = names(prefix, "images", axes: 3)
    let labels = names(prefix, "labels", axes: 1)
    switch (try directory.first(of: images), try directory.first(of: labels)) {
    case (nil, nil): return nil
    case (let images?, let labels?): return IDXPair(images: images, labels: labels)
    case (let found, _):
      throw directory.problem(
        "holds \((found == nil ? labels : images)[0]), but no \((found == nil ? images : labels)[0])",
        remedy: prefix == "train"
          ? "fetch the other file"
          : "fetch the other file, or write 'test_examples: 0' to do without a test set")
    }
  }

  private static func problem(of directory: DataFile) throws(Problem) -> Problem {
    let wanted = names("train", "images", axes: 3)
    if let inner = try directory.folder(holding: wanted) {
      return directory.problem(
        "holds no \(wanted[0]), but \(inner.path) does", remedy: "write 'path: \(inner.path)'")
    }
    return directory.problem(
      "holds no train-images-idx3-ubyte and train-labels-idx1-ubyte, with or without .gz: "
        + "it holds \(try directory.contents())",
      remedy: "correct the path, or name the files with images and labels")
  }
}

extension IDXPair {
  /// All images of the two files.
  func read() throws(Problem) -> LabelledImages {
    let pixels = try IDXArray(images)
    let classes = try IDXArray(labels)
    guard pixels.shape.count >= 2, classes.shape.count == 1 else {
      throw images.problem(
        "and \(labels.path) have \(pixels.shape.count) and \(counted(classes.shape.count, "axis"))",
        remedy: "give images with 2 or more axes and labels with 1; were the two exchanged?")
    }
    guard pixels.shape[0] == classes.shape[0], classes.shape[0] > 0 else {
      throw images.problem(
        "holds \(pixels.shape[0]) images, but \(labels.path) holds \(classes.shape[0]) labels",
        remedy: "give the two files of one set")
    }
    guard !pixels.elements.isEmpty else {
      throw images.problem("holds images without pixels", remedy: "give images of one pixel or more")
    }
    let extents = pixels.shape.dropFirst()
    return LabelledImages(
      source: images.path, pixels: pixels.elements, labels: classes.elements, channels: 1,
      imageSize: extents.reduce(1, *), shape: ImageShape(rowsAndColumns: Array(extents)),
      classes: Int(classes.elements.max() ?? 0) + 1)
  }
}

extension ImageShape {
  /// The shape of images of one colour; nil where they are not rows and columns of pixels.
  fileprivate init?(rowsAndColumns extents: [Int]) {
    guard extents.count == 2 else { return nil }
    self.init(channels: 1, height: extents[0], width: extents[1])
  }
}

/// An array of unsigned bytes in IDX format: `0 0 8 rank`, the extents as big-endian 32-bit integers, the elements.
struct IDXArray {
  let shape: [Int]
  let elements: [UInt8]

  /// What the third byte says of the elements.
  private static let types: [UInt8: String] = [
    8: "uint8", 9: "int8", 11: "int16", 12: "int32", 13: "float32", 14: "float64",
  ]

  init(_ file: DataFile) throws(Problem) {
    let contents = try file.bytes()
    guard contents.count >= 4, contents[0] == 0, contents[1] == 0, contents[3] > 0,
      let type = Self.types[contents[2]]
    else {
      throw file.problem(ofFormat: contents)
        ?? file.problem(
          "is not an IDX file of unsigned bytes", remedy: "give a file in MNIST's format, with or without .gz"
        )
    }
    guard type == "uint8" else {
      throw file.problem(
        "is an IDX file of \(type), not of unsigned bytes", remedy: "write it as bytes, 0 to 255")
    }
    let header = 4 + 4 * Int(contents[3])
    guard contents.count >= header else {
      throw file.problem("ends inside its header", remedy: "fetch the file again")
    }
    let extents = stride(from: 4, to: header, by: 4).map { start in
      contents[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    let count = extents.saturatingProduct
    guard contents.count - header == count else {
      throw file.problem(
        "holds \(contents.count - header) bytes of data where its header says \(count)",
        remedy: "fetch the file again")
    }
    shape = extents
    elements = Array(contents[header...])
  }
}
