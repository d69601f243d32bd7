import Problems

/// Images as they stand in files: one byte per pixel and one label per image.
struct LabelledImages {
  /// The file they are from.
  let source: String
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

  /// Whether the same images stand in another file.
  func isSame(as other: LabelledImages) -> Bool { labels == other.labels && pixels == other.pixels }
}

// MARK: - Training examples

extension LabelledImages {
  /// The indices of the examples that a selection takes, in file order.
  func examples(
    of selection: ImageSelection, file: DataFile, notes: inout [String]
  ) throws(Problem) -> [Int] {
    guard self.classes >= 2 else {
      throw file.problem(
        "belongs to labels of one class only: all are 0", remedy: "give images of two classes or more")
    }
    let classes = selection.classes ?? self.classes
    try Problem.require(
      (2...self.classes).contains(classes), "data.classes", "is \(classes)",
      remedy: "give a number from 2 to \(self.classes)")
    let candidates = labels.indices.filter { labels[$0] < classes }
    try Problem.require(
      !candidates.isEmpty, "data.classes",
      "is \(classes), but \(file.path) holds no example of the first \(classes) classes",
      remedy: "raise it or add files")
    guard let wanted = selection.examples else { return candidates }
    try Problem.require(wanted >= 1, "data.examples", "is \(wanted)", remedy: "give 1 or more")
    guard selection.subset == .first else {
      return try perClass(wanted, of: candidates, classes: classes, file: file)
    }
    try Problem.require(
      wanted <= candidates.count, "data.examples",
      "is \(wanted), but \(file.path) holds \(candidates.count) examples of the chosen classes",
      remedy: "lower it or add files")
    let chosen = Array(candidates.prefix(wanted))
    if distinct(chosen) < distinct(candidates) {
      notes.append(
        "the first \(wanted) images lack classes that come later; 'subset: per-class' takes as many of each")
    }
    return chosen
  }

  private func distinct(_ indices: [Int]) -> Int { Set(indices.map { labels[$0] }).count }

  private func perClass(
    _ wanted: Int, of candidates: [Int], classes: Int, file: DataFile
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
        "asks for \(wanted / classes) examples per class, but \(file.path) has too few of class \(label)",
        remedy: "lower it or add files")
    }
    return taken
  }
}

// MARK: - Test examples

extension LabelledImages {
  /// The indices of the test examples that a selection takes.
  ///
  /// - Parameters:
  ///   - selection: what is chosen.
  ///   - training: all training images.
  ///   - file: the test file.
  ///   - notes: take what is left out.
  /// - Returns: the indices, in file order.
  /// - Throws: a problem where there are none, or fewer than are wanted.
  func testExamples(
    of selection: ImageSelection, training: LabelledImages, file: DataFile, notes: inout [String]
  ) throws(Problem) -> [Int] {
    let classes = selection.classes ?? training.classes
    let candidates = labels.indices.filter { labels[$0] < classes }
    guard !candidates.isEmpty else { throw problemOfNoTestExample(classes, training, file) }
    noteStrangers(to: training, among: candidates, &notes)
    let wanted = selection.testExamples ?? candidates.count
    try Problem.require(
      (1...candidates.count).contains(wanted), "data.test_examples",
      "is \(wanted), but there are \(candidates.count) test examples of the chosen classes",
      remedy: "lower it, or leave it out for all")
    return Array(candidates.prefix(wanted))
  }

  private func problemOfNoTestExample(_ classes: Int, _ training: LabelledImages, _ file: DataFile) -> Problem
  {
    if labels.contains(where: { $0 < training.classes }) {
      return Problem(
        "data.classes",
        "is \(classes), but \(file.path) holds no test example of the first \(classes) classes",
        remedy: "raise it, or write 'test_examples: 0' to do without a test set")
    }
    let found = Set(labels).sorted().map { String($0) }.listed
    return file.problem(
      "holds test examples of other classes (\(found)) than the training files",
      remedy: "give the test set of the same data, or write 'test_examples: 0' to do without one")
  }

  private func noteStrangers(to training: LabelledImages, among candidates: [Int], _ notes: inout [String]) {
    let left = labels.count { $0 >= training.classes }
    if left > 0 {
      let examples = left == 1 ? "1 test example is" : "\(left) test examples are"
      notes.append("\(examples) of classes that training lacks: left out")
    }
    let known = Set(training.labels)
    let unseen = candidates.count { !known.contains(labels[$0]) }
    if unseen > 0 {
      let examples = unseen == 1 ? "1 test example is" : "\(unseen) test examples are"
      notes.append("\(examples) of classes without a training example")
    }
  }
}
