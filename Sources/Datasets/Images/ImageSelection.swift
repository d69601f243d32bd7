package import Schema

/// Which of the images in a set of files are used, and how they are scaled.
public struct ImageSelection: Sendable, Hashable {
  /// Which examples make up a training set that is smaller than the files.
  public enum Subset: String, Sendable, Hashable, CaseIterable {
    /// The first ones in file order ([EoS]).
    case first
    /// The first `examples / classes` of each class, in file order ([CF]).
    case perClass = "per-class"
  }

  /// Over what the mean and the standard deviation of the training files are taken.
  public enum Standardization: String, Sendable, Hashable, CaseIterable {
    /// Separately for every pixel of every channel ([EoS]).
    case pixel
    /// Separately for every channel, over all its pixels ([CF]).
    case channel
    /// Not at all: values in [0, 1].
    case none
  }

  /// The number of training examples, 1 or more; nil (the default) for all.
  public var examples: Int?
  /// Only examples of the first so many classes are used, 2 or more; nil (the default) for all.
  public var classes: Int?
  /// Which training examples are taken.
  public var subset: Subset
  /// How the pixels are scaled.
  public var standardize: Standardization
  /// The number of test examples, from the first, 0 or more; nil (the default) for all.
  public var testExamples: Int?
  /// How classes become targets.
  public var targets: TargetEncoding

  /// Creates the selection.
  public init(
    examples: Int? = nil, classes: Int? = nil, subset: Subset = .first, standardize: Standardization = .pixel,
    testExamples: Int? = nil, targets: TargetEncoding = .oneHot
  ) {
    self.examples = examples
    self.classes = classes
    self.subset = subset
    self.standardize = standardize
    self.testExamples = testExamples
    self.targets = targets
  }
}

extension ImageSelection.Subset: SettingValue {}
extension ImageSelection.Standardization: SettingValue {}

extension ImageSelection: Configurable {
  package static let standard = ImageSelection()

  package static let bindings: [Binding<ImageSelection>] =
    [
      Binding(\.examples, DataKeys.examples),
      Binding(\.classes, DataKeys.classes),
      Binding(
        \.subset,
        Key(
          "data.subset", .choice(of: Subset.self),
          about: "The first `examples` in file order, or the first `examples / classes` of each class.")),
      Binding(
        \.standardize,
        Key(
          "data.standardize", .choice(of: Standardization.self),
          about: "Over what mean and standard deviation are taken, always over all training files.")),
      Binding(\.testExamples, DataKeys.testExamples),
      Binding(\.targets, DataKeys.targets),
    ]
}
