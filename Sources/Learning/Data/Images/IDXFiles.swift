import Foundation
import Problems

/// The two files of an IDX image set.
struct IDXPair {
  var images: String
  var labels: String
}

extension IDXData {
  /// The training files.
  func trainingFiles() throws(Problem) -> IDXPair {
    if let images, let labels { return IDXPair(images: images, labels: labels) }
    guard images == nil, labels == nil else {
      throw Problem(
        images == nil ? "data.labels" : "data.images", "is only one of images and labels",
        remedy: "give both, or only path")
    }
    guard let path else {
      throw Problem("data.path", "is missing", remedy: "give a directory, or the keys images and labels")
    }
    guard let pair = Self.usualPair(in: path, prefix: "train") else {
      throw Problem(
        path, "holds no train-images-idx3-ubyte and train-labels-idx1-ubyte, with or without .gz",
        remedy: "correct the path, or name the files with images and labels")
    }
    return pair
  }

  /// The test files, if there are any.
  func testFiles() throws(Problem) -> IDXPair? {
    if let testImages, let testLabels { return IDXPair(images: testImages, labels: testLabels) }
    guard testImages == nil, testLabels == nil else {
      throw Problem(
        testImages == nil ? "data.test_labels" : "data.test_images",
        "is only one of test_images and test_labels", remedy: "give both or neither")
    }
    return path.flatMap { Self.usualPair(in: $0, prefix: "t10k") }
  }

  private static func usualPair(in directory: String, prefix: String) -> IDXPair? {
    func find(_ name: String) -> String? {
      ["\(directory)/\(prefix)-\(name)", "\(directory)/\(prefix)-\(name).gz"]
        .first { FileManager.default.fileExists(atPath: $0) }
    }
    guard let images = find("images-idx3-ubyte"), let labels = find("labels-idx1-ubyte") else { return nil }
    return IDXPair(images: images, labels: labels)
  }
}

extension IDXPair {
  /// All images of the two files.
  func read() throws(Problem) -> LabelledImages {
    let pixels = try IDXArray(file: images)
    let classes = try IDXArray(file: labels)
    guard pixels.shape.count >= 2, classes.shape.count == 1 else {
      throw Problem(
        images, "and \(labels) have \(pixels.shape.count) and \(classes.shape.count) axes",
        remedy: "give images with 2 or more axes and labels with 1")
    }
    guard pixels.shape[0] == classes.shape[0], classes.shape[0] > 0 else {
      throw Problem(
        images, "holds \(pixels.shape[0]) images, but \(labels) holds \(classes.shape[0]) labels",
        remedy: "give the two files of one set")
    }
    guard !pixels.elements.isEmpty else {
      throw Problem(images, "holds images without pixels", remedy: "give images of one pixel or more")
    }
    let extents = pixels.shape.dropFirst()
    return LabelledImages(
      pixels: pixels.elements, labels: classes.elements, channels: 1, imageSize: extents.reduce(1, *),
      shape: ImageShape(rowsAndColumns: Array(extents)), classes: Int(classes.elements.max() ?? 0) + 1)
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

  init(file path: String) throws(Problem) {
    let contents = try bytes(ofFile: path)
    guard contents.count >= 4, contents[0] == 0, contents[1] == 0, contents[2] == 8, contents[3] > 0 else {
      throw Problem(
        path, "is not an IDX file of unsigned bytes",
        remedy: "give a file in MNIST's format, with or without .gz")
    }
    let header = 4 + 4 * Int(contents[3])
    guard contents.count >= header else {
      throw Problem(path, "ends inside its header", remedy: "fetch the file again")
    }
    let extents = stride(from: 4, to: header, by: 4).map { start in
      contents[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    let count = extents.saturatingProduct
    guard contents.count - header == count else {
      throw Problem(
        path, "holds \(contents.count - header) bytes of data where its header says \(count)",
        remedy: "fetch the file again")
    }
    shape = extents
    elements = Array(contents[header...])
  }
}
