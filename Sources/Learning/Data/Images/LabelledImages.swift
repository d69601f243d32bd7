import Problems

/// Images as they stand in files: one byte per pixel and one label per image.
struct LabelledImages {
  /// Image after image, each channel after channel.
  var pixels: [UInt8]
  /// The class of every image.
  var labels: [UInt8]
  /// The number of colours.
  let channels: Int
  /// The number of bytes of one image, over all channels.
  let imageSize: Int
  /// The shape of one image; nil where the files do not tell.
  let shape: ImageShape?
  /// Labels are below it.
  let classes: Int

  var count: Int { labels.count }

  mutating func append(_ other: LabelledImages) {
    precondition(other.imageSize == imageSize, "Files of one dataset hold images of one size.")
    pixels += other.pixels
    labels += other.labels
  }
}

extension LabelledImages {
  /// The indices of the examples that a selection takes, in file order.
  func examples(of selection: ImageSelection, file: String) throws(Problem) -> [Int] {
    guard self.classes >= 2 else {
      throw Problem(
        file, "belongs to labels of one class only: all are 0", remedy: "give images of two classes or more")
    }
    let classes = selection.classes ?? self.classes
    try Problem.require(
      (2...self.classes).contains(classes), "data.classes", "is \(classes)",
      remedy: "give a number from 2 to \(self.classes)")
    let candidates = labels.indices.filter { labels[$0] < classes }
    try Problem.require(
      !candidates.isEmpty, "data.classes",
      "is \(classes), but \(file) holds no example of the first \(classes) classes",
      remedy: "raise it or add files")
    guard let wanted = selection.examples else { return candidates }
    try Problem.require(wanted >= 1, "data.examples", "is \(wanted)", remedy: "give 1 or more")
    switch selection.subset {
    case .first:
      try Problem.require(
        wanted <= candidates.count, "data.examples",
        "is \(wanted), but \(file) holds \(candidates.count) examples of the chosen classes",
        remedy: "lower it or add files")
      return Array(candidates.prefix(wanted))
    case .perClass:
      return try perClass(wanted, of: candidates, classes: classes, file: file)
    }
  }

  /// The indices of the test examples that a selection takes.
  func testExamples(of selection: ImageSelection, classes: Int) throws(Problem) -> [Int] {
    let candidates = labels.indices.filter { labels[$0] < classes }
    let wanted = selection.testExamples ?? candidates.count
    try Problem.require(
      (1...max(candidates.count, 1)).contains(wanted) && !candidates.isEmpty, "data.test_examples",
      "is \(wanted), but there are \(candidates.count) test examples of the chosen classes",
      remedy: "lower it, or leave it out for all")
    return Array(candidates.prefix(wanted))
  }

  private func perClass(
    _ wanted: Int, of candidates: [Int], classes: Int, file: String
  ) throws(Problem) -> [Int] {
    try Problem.require(
      wanted.isMultiple(of: classes), "data.examples",
      "is \(wanted), which \(classes) classes cannot share equally",
      remedy: "give a multiple of \(classes)")
    var missing = [Int](repeating: wanted / classes, count: classes)
    let taken = candidates.filter { index in
      let label = Int(labels[index])
      missing[label] -= 1
      return missing[label] >= 0
    }
    if let label = missing.firstIndex(where: { $0 > 0 }) {
      throw Problem(
        "data.examples",
        "asks for \(wanted / classes) examples per class, but \(file) has too few of class \(label)",
        remedy: "lower it or add files")
    }
    return taken
  }
}
