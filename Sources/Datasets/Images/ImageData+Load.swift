package import LinearAlgebra
package import Problems

extension CIFAR10Data {
  package func load<Scalar: RealScalar>(as scalar: Scalar.Type) throws(Problem) -> Dataset<Scalar> {
    var parts: [LabelledImages] = []
    for file in try trainingFiles() { parts.append(try Self.images(in: file)) }
    var images = ImageFiles(name: Self.name, parts: parts, file: DataFile(key: "data.path", path: path))
    if selection.testExamples != 0 {
      try images.take(test: testFile(), of: selection) { file throws(Problem) in try Self.images(in: file) }
    }
    return try images.dataset(selection, as: scalar)
  }
}

extension IDXData {
  package func load<Scalar: RealScalar>(as scalar: Scalar.Type) throws(Problem) -> Dataset<Scalar> {
    let files = try trainingFiles()
    var images = ImageFiles(name: Self.name, parts: [try files.read()], file: files.images)
    if selection.testExamples != 0 {
      let testFiles = try testFiles()
      try images.take(test: testFiles?.images, of: selection) { _ throws(Problem) in try testFiles?.read() }
    }
    return try images.dataset(selection, as: scalar)
  }
}

/// The images of all files of a dataset.
private struct ImageFiles {
  let name: String
  /// The file, or the directory, of the training images.
  let file: DataFile
  let training: LabelledImages
  private var test: (images: LabelledImages, file: DataFile)?
  private var notes: [String] = []

  /// Joins the images of one file or more.
  init(name: String, parts: [LabelledImages], file: DataFile) {
    self.name = name
    self.file = file
    for (index, part) in parts.enumerated() {
      if let same = parts[..<index].first(where: { part.isSame(as: $0) }) {
        notes.append("\(part.source) holds the same images as \(same.source)")
      }
    }
    training = parts.dropFirst().reduce(into: parts[0]) { $0.append($1) }
  }

  /// Reads the test file, if there is one.
  mutating func take(
    test file: DataFile?, of selection: ImageSelection, read: (DataFile) throws(Problem) -> LabelledImages?
  ) throws(Problem) {
    guard let file, let images = try read(file) else {
      guard let wanted = selection.testExamples else { return }
      throw Problem(
        "data.test_examples", "is \(wanted), but there is no test set beside \(self.file.path)",
        remedy: "name the test files, or leave it out")
    }
    guard images.imageSize == training.imageSize, images.shape == training.shape else {
      throw file.problem(
        "holds images of another size than \(training.source)", remedy: "give files of one set")
    }
    if repeats(images) { notes.append("the test images of \(file.path) are training images, too") }
    test = (images, file)
  }

  /// Whether images are a run of the training images: a file that is named twice.
  private func repeats(_ images: LabelledImages) -> Bool {
    guard images.count <= training.count else { return false }
    return stride(from: 0, through: training.count - images.count, by: images.count).contains { first in
      let start = first * training.imageSize
      return training.pixels[start..<start + images.pixels.count].elementsEqual(images.pixels)
    }
  }

  /// The dataset of the selected images; the test set is scaled as the training files are.
  func dataset<Scalar: RealScalar>(
    _ selection: ImageSelection, as scalar: Scalar.Type
  ) throws(Problem) -> Dataset<Scalar> {
    var notes = notes
    let scaling = PixelScaling(selection.standardize, images: training)
    let classes = selection.classes ?? training.classes
    let chosen = try training.examples(of: selection, file: file, notes: &notes)
    var testSet: Examples<Scalar>?
    if let test {
      let chosen = try test.images.testExamples(
        of: selection, training: training, file: test.file, notes: &notes)
      testSet = try selection.examples(chosen, of: test.images, scaling, classes: classes)
    }
    let trainingSet: Examples<Scalar> = try selection.examples(
      chosen, of: training, scaling, classes: classes)
    return Dataset(
      name: name, task: LearningTask(selection.targets), image: training.shape, training: trainingSet,
      test: testSet, notes: notes)
  }
}

extension ImageSelection {
  fileprivate func examples<Scalar: RealScalar>(
    _ chosen: [Int], of images: LabelledImages, _ scaling: PixelScaling, classes: Int
  ) throws(Problem) -> Examples<Scalar> {
    let labels = chosen.map { Int(images.labels[$0]) }
    return Examples(
      count: chosen.count, inputs: scaling.inputs(chosen, of: images),
      targets: try targets.targets(of: labels, classes: classes, as: Scalar.self))
  }
}

extension PixelScaling {
  /// The scaled pixels of some images, row by row.
  @specialized(where Scalar == Float)
  @specialized(where Scalar == Double)
  fileprivate func inputs<Scalar: RealScalar>(_ chosen: [Int], of images: LabelledImages) -> Vector<Scalar> {
    let size = images.imageSize
    let inputs = Vector<Scalar>(count: chosen.count * size)
    inputs.withMutableSpan { span in
      for (row, image) in chosen.enumerated() {
        for pixel in 0..<size {
          let byte = Double(images.pixels[image * size + pixel])
          span[row * size + pixel] = Scalar((byte - mean[pixel]) * factor[pixel])
        }
      }
    }
    return inputs
  }
}
