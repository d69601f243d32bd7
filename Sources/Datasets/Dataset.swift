public import LinearAlgebra

/// A training set and perhaps a test set, in the number format of the run.
public struct Dataset<Scalar: RealScalar> {
  /// The name in job files.
  public let name: String
  /// What the targets mean.
  public let task: LearningTask
  /// The shape of an example's features, where they are the pixels of an image.
  public let image: ImageShape?
  /// The examples to train on.
  public let training: Examples<Scalar>
  /// The examples to test on.
  public let test: Examples<Scalar>?
  /// What a user should know of the data, in sentences without a full stop.
  public let notes: [String]

  init(
    name: String, task: LearningTask, image: ImageShape? = nil, training: Examples<Scalar>,
    test: Examples<Scalar>? = nil, notes: [String] = []
  ) {
    precondition(
      test.map { $0.features == training.features && $0.outputs == training.outputs } ?? true,
      "Training and test examples have one shape.")
    precondition(image.map { $0.count == training.features } ?? true, "Features are all pixels, or none.")
    self.name = name
    self.task = task
    self.image = image
    self.training = training
    self.test = test
    self.notes = notes
  }

  /// The bytes of its numbers.
  public var byteCount: Int { training.byteCount + (test?.byteCount ?? 0) }
}

/// Inputs and targets of some examples, both row-major, one row per example.
public struct Examples<Scalar: RealScalar> {
  /// The number of examples.
  public let count: Int
  /// The length of an input.
  public let features: Int
  /// The length of a target.
  public let outputs: Int
  /// The inputs `[count, features]`.
  public let inputs: Vector<Scalar>
  /// The targets `[count, outputs]`.
  public let targets: Vector<Scalar>

  /// The bytes of its numbers.
  public var byteCount: Int { (inputs.count + targets.count) * MemoryLayout<Scalar>.stride }

  /// Creates examples from their arrays.
  public init(count: Int, inputs: Vector<Scalar>, targets: Vector<Scalar>) {
    precondition(count > 0, "A set of examples is not empty.")
    precondition(
      inputs.count.isMultiple(of: count) && targets.count.isMultiple(of: count),
      "Inputs and targets have one row per example.")
    self.count = count
    self.features = inputs.count / count
    self.outputs = targets.count / count
    self.inputs = inputs
    self.targets = targets
  }
}
