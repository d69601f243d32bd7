import LinearAlgebra
import Problems

extension CIFAR10Data {
  func load<Scalar: RealScalar>(as scalar: Scalar.Type) throws(Problem) -> Dataset<Scalar> {
    let training = try Self.images(inFiles: trainingFiles)
    var test: LabelledImages?
    if let testFile { test = try Self.images(inFiles: [testFile]) }
    return try selection.dataset("cifar10", training: training, test: test, file: path, as: scalar)
  }
}

extension IDXData {
  func load<Scalar: RealScalar>(as scalar: Scalar.Type) throws(Problem) -> Dataset<Scalar> {
    let files = try trainingFiles()
    let training = try files.read()
    var test: LabelledImages?
    if let testFiles = try testFiles() {
      test = try testFiles.read()
      guard test?.imageSize == training.imageSize, test?.shape == training.shape else {
        throw Problem(
          testFiles.images, "holds images of another size than \(files.images)",
          remedy: "give files of one set")
      }
    }
    return try selection.dataset("idx", training: training, test: test, file: files.images, as: scalar)
  }
}

extension ImageSelection {
  /// The dataset of the selected images; the test set is scaled as the training files are.
  fileprivate func dataset<Scalar: RealScalar>(
    _ name: String, training: LabelledImages, test: LabelledImages?, file: String, as scalar: Scalar.Type
  ) throws(Problem) -> Dataset<Scalar> {
    let scaling = PixelScaling(standardize, images: training)
    let classes = classes ?? training.classes
    let chosen = try training.examples(of: self, file: file)
    var testSet: Examples<Scalar>?
    if let test, testExamples != 0 {
      let chosen = try test.testExamples(of: self, classes: classes)
      testSet = try examples(chosen, of: test, scaling, classes: classes)
    }
    let trainingSet: Examples<Scalar> = try examples(chosen, of: training, scaling, classes: classes)
    return Dataset(
      name: name, task: LearningTask(targets), image: training.shape, training: trainingSet, test: testSet)
  }

  private func examples<Scalar: RealScalar>(
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
