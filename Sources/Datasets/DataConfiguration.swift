internal import Foundation

/// Which data a run trains on: one case per dataset, with the keys a user may set.
public enum DataConfiguration: Sendable, Hashable {
  /// `chebyshev`: a polynomial sampled on [-1, 1].
  case chebyshev(ChebyshevData)
  /// `deep-linear`: whitened inputs and a random linear map.
  case deepLinear(DeepLinearData)
  /// `gaussian-mixture`: synthetic classification with a power-law spectrum.
  case gaussianMixture(GaussianMixtureData)
  /// `cifar10`: CIFAR-10 in its binary layout.
  case cifar10(CIFAR10Data)
  /// `idx`: images and labels in MNIST's format, compressed with gzip or not.
  case idx(IDXData)
  /// `hdf5`: the user's own arrays.
  case hdf5(HDF5Data)

  /// More numbers, inputs or targets, are taken for a slip, or do not fit into this machine's memory: while data is made,
  /// a number takes up to 16 bytes.
  public static let maximumNumbers = min(1 << 33, Int(ProcessInfo.processInfo.physicalMemory / 16))

  /// The name in job files.
  public var name: String {
    switch self {
    case .chebyshev: "chebyshev"
    case .deepLinear: "deep-linear"
    case .gaussianMixture: "gaussian-mixture"
    case .cifar10: "cifar10"
    case .idx: "idx"
    case .hdf5: "hdf5"
    }
  }
}

/// Points evenly spaced on [-1, 1] with the Chebyshev polynomial `T_degree` as their label ([EoS], 1-D regression).
public struct ChebyshevData: Sendable, Hashable {
  /// The polynomial's degree, 0 or more; default 4.
  public var degree: Int
  /// The number of points, 2 or more; default 20.
  public var points: Int

  /// Creates the configuration.
  public init(degree: Int = 4, points: Int = 20) {
    self.degree = degree
    self.points = points
  }
}

/// `X = sqrt(n) Q` with `Q` the orthonormal factor of a Gaussian matrix, `Y = X A^T` with `A` Gaussian ([EoS], deep
/// linear networks).
public struct DeepLinearData: Sendable, Hashable {
  /// The number n of examples, at least `dimension`; default 50.
  public var examples: Int
  /// The number d of features and of outputs, 1 or more; default 50.
  public var dimension: Int
  /// The seed of the data, independent of the run's seed, 0 or more; default 0.
  public var seed: UInt64

  /// Creates the configuration.
  public init(examples: Int = 50, dimension: Int = 50, seed: UInt64 = 0) {
    self.examples = examples
    self.dimension = dimension
    self.seed = seed
  }
}

/// Gaussian classes whose means and noise share a power-law spectrum, as natural images have.
///
/// Feature `i` (from 1) has variance `c i^-exponent`, with `c` so that the mean variance is 1. The mean of a class is
/// `separation` times a draw from that distribution, and an example is the mean of its class plus another draw.
/// Example `e` belongs to class `e mod classes`.
public struct GaussianMixtureData: Sendable, Hashable {
  /// The number of training examples, 1 or more; default 1000.
  public var examples: Int
  /// The number of features, 1 or more; default 100.
  public var features: Int
  /// The number of classes, 2 or more; default 10.
  public var classes: Int
  /// The decay of the spectrum, 0 (white) or more; default 1.
  public var exponent: Double
  /// The scale of the class means against the noise, 0 or more; default 1.
  public var separation: Double
  /// The number of test examples, 0 or more; default 0.
  public var testExamples: Int
  /// How classes become targets; default one-hot.
  public var targets: TargetEncoding
  /// The seed of the data, independent of the run's seed, 0 or more; default 0.
  public var seed: UInt64

  /// Creates the configuration.
  public init(
    examples: Int = 1000, features: Int = 100, classes: Int = 10, exponent: Double = 1,
    separation: Double = 1, testExamples: Int = 0, targets: TargetEncoding = .oneHot, seed: UInt64 = 0
  ) {
    self.examples = examples
    self.features = features
    self.classes = classes
    self.exponent = exponent
    self.separation = separation
    self.testExamples = testExamples
    self.targets = targets
    self.seed = seed
  }
}

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
  /// Which training examples are taken; default first.
  public var subset: Subset
  /// How the pixels are scaled; default pixel.
  public var standardize: Standardization
  /// The number of test examples, from the first, 0 or more; nil (the default) for all.
  public var testExamples: Int?
  /// How classes become targets; default one-hot.
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

/// CIFAR-10 in its binary layout: records of one label byte and 3,072 bytes, the red, green and blue planes.
public struct CIFAR10Data: Sendable, Hashable {
  /// A file of records, or the directory that holds `data_batch_1.bin` to `data_batch_5.bin`; required.
  public var path: String
  /// A file of test records; nil for `test_batch.bin` when `path` is a directory that holds one; default nil.
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

/// Images and labels in the IDX format of MNIST, compressed with gzip or not.
///
/// `path` is a directory with the usual names (`train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-...`, with or
/// without `.gz`); the other keys name single files and take precedence.
public struct IDXData: Sendable, Hashable {
  /// A directory with the usual names; nil when `images` and `labels` are given; default nil.
  public var path: String?
  /// The training images; default nil: found in `path`.
  public var images: String?
  /// The training labels; default nil: found in `path`.
  public var labels: String?
  /// The test images; default nil: found in `path` if there.
  public var testImages: String?
  /// The test labels; default nil: found in `path` if there.
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

/// The user's own arrays: datasets `x` and `y`, and optionally `x_test` and `y_test`, in one HDF5 file.
///
/// The first axis of each counts examples; further axes of `x` are flattened, and three of them are the channels, rows
/// and columns of an image. Integer `y` of shape [n] or [n, 1] holds classes from 0; floating-point `y` of shape [n] or
/// [n, k] holds values to regress.
public struct HDF5Data: Sendable, Hashable {
  /// The file; required.
  public var path: String
  /// The number of training examples, 1 or more, the first ones; nil (the default) for all.
  public var examples: Int?
  /// How integer classes become targets; default one-hot.
  public var targets: TargetEncoding
  /// Channels, rows and columns of an input that is an image; empty (the default) for the axes of `x`, if there are four.
  public var image: [Int]

  /// Creates the configuration.
  public init(
    path: String, examples: Int? = nil, targets: TargetEncoding = .oneHot, image: [Int] = []
  ) {
    self.path = path
    self.examples = examples
    self.targets = targets
    self.image = image
  }
}
