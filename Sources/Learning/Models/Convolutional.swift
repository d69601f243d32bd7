package import Datasets
import LinearAlgebra
package import Problems
package import Schema
import TensorProgram

/// A convolutional network: stages of convolution, activation and 2 x 2 pooling, then affine layers with an activation
/// between them.
///
/// The networks of [EoS] have channels [32, 32] and biases; that of [CF] has channels [w, 2w], hidden [4w], GELU, with no bias
/// but the output's.
public struct CNNConfiguration: Sendable, Hashable {
  /// What a stage ends with.
  public enum Pooling: String, Sendable, Hashable, CaseIterable {
    /// The mean of every 2 x 2 pixels.
    case average
    /// The largest of every 2 x 2 pixels.
    case max
    /// Nothing.
    case none
  }

  /// The channels of the convolutions, each 1 or more; empty for affine layers only.
  public var channels: [Int]
  /// Rows and columns of the windows, 1 or more.
  public var kernel: Int
  /// Zeros around the images, 0 or more.
  public var padding: Int
  /// What follows every activation.
  public var pooling: Pooling
  /// The widths of hidden affine layers after the convolutions, each 1 or more.
  public var hidden: [Int]
  /// The function after every convolution and every hidden layer.
  public var activation: Activation
  /// Whether convolutions and hidden layers have biases.
  public var bias: Bool
  /// Whether the last layer has a bias; nil for the same as `bias`.
  public var outputBias: Bool?
  /// Factors on the initial weights, layer by layer, each greater than 0; missing ones are 1.
  public var gains: [Double]
  /// The distribution of the initial weights.
  public var initialization: Initialization

  /// Creates the configuration.
  public init(
    channels: [Int] = [32, 32], kernel: Int = 3, padding: Int = 1, pooling: Pooling = .average,
    hidden: [Int] = [], activation: Activation = .tanh, bias: Bool = true, outputBias: Bool? = nil,
    gains: [Double] = [], initialization: Initialization = .uniformFanIn
  ) {
    self.channels = channels
    self.kernel = kernel
    self.padding = padding
    self.pooling = pooling
    self.hidden = hidden
    self.activation = activation
    self.bias = bias
    self.outputBias = outputBias
    self.gains = gains
    self.initialization = initialization
  }
}

extension CNNConfiguration.Pooling: SettingValue {}

extension CNNConfiguration: ModelSettings {
  package static let name = "cnn"
  package static let standard = CNNConfiguration()

  package static let bindings: [Binding<CNNConfiguration>] =
    [
      Binding(
        \.channels,
        Key(
          "model.channels", .integers(1...1_000_000),
          about: "Channels of the convolutions, each followed by the activation and the pooling.")),
      Binding(
        \.kernel,
        Key("model.kernel", .integer(1...1000), about: "Rows and columns of the convolutions' windows.")),
      Binding(
        \.padding,
        Key("model.padding", .integer(0...1000), about: "Zeros around the images, on all sides.")),
      Binding(
        \.pooling,
        Key(
          "model.pooling", .choice(of: Pooling.self),
          about: "What is made of every 2 x 2 pixels after an activation.")),
      Binding(\.hidden, ModelKeys.hidden),
      Binding(\.activation, ModelKeys.activation),
      Binding(\.bias, ModelKeys.bias),
      Binding(\.outputBias, ModelKeys.outputBias),
      Binding(\.gains, ModelKeys.gains),
      Binding(\.initialization, ModelKeys.initialization),
    ]

  /// What convolutions read and write should stay in the cache.
  package static let blockSize = 25

  package func makeModel(features: Int, outputs: Int, image: ImageShape?) throws(Problem) -> any Model {
    try Convolutional(self, image: image, outputs: outputs)
  }
}

/// A convolutional network: stages of convolution, activation and pooling, then affine layers on what is left of the
/// image, the last one without activation ([EoS], [CF]).
struct Convolutional: LayeredModel {
  let stack: LayerStack
  private let configuration: CNNConfiguration
  /// What each stage sees, then what the affine layers see.
  private let images: [ImageShape]

  init(_ configuration: CNNConfiguration, image: ImageShape?, outputs: Int) throws(Problem) {
    guard let image else {
      throw Problem(
        "model.name", "is cnn, but the data has no image shape",
        remedy: "use images (cifar10, idx, or hdf5 with four axes or data.image), or mlp")
    }
    try configuration.checkRanges()
    self.configuration = configuration
    images = try configuration.images(from: image)
    let features = images[images.count - 1].count
    let channels = zip(configuration.channels, images).map { outputs, image in
      [outputs, image.channels, configuration.kernel, configuration.kernel]
    }
    let widths = [features] + configuration.hidden + [outputs]
    stack = try LayerStack(
      shapes: channels + zip(widths.dropFirst(), widths).map { [$0, $1] }, gains: configuration.gains,
      bias: configuration.bias, outputBias: configuration.outputBias ?? configuration.bias,
      initialization: configuration.initialization)
  }

  var multiplications: Int {
    let positions = images.dropLast().map { image in
      let convolved = configuration.convolved(image, channels: 1)
      return convolved.height * convolved.width
    }
    let times = positions + Array(repeating: 1, count: stack.layers.count - positions.count)
    return zip(stack.layers, times).reduce(0) { $0 + $1.0.shape[0] * $1.0.fanIn * $1.1 }
  }

  func forward(_ builder: inout ProgramBuilder, input: Value, parameters: [Value]) -> Value {
    let examples = builder.type(of: input).shape[0]
    let layers = stack.parameters(parameters)
    var image = builder.reshape(input, to: [examples] + images[0].extents)
    for layer in layers.prefix(configuration.channels.count) {
      image = stage(&builder, image, weight: layer.weight, bias: layer.bias)
    }
    let rows = builder.reshape(image, to: [examples, images[images.count - 1].count])
    return builder.dense(rows, layers.dropFirst(configuration.channels.count), configuration.activation)
  }

  private func stage(_ builder: inout ProgramBuilder, _ image: Value, weight: Value, bias: Value?) -> Value {
    var image = builder.conv2d(image, weight: weight, padding: configuration.padding)
    if let bias {
      let repeated = builder.broadcast(bias, to: builder.type(of: image).shape, axes: [1])
      image = builder.add(image, repeated)
    }
    image = configuration.activation.append(to: &builder, image)
    return switch configuration.pooling {
    case .average:
      builder.averagePool(
        image, window: CNNConfiguration.poolingWindow, stride: CNNConfiguration.poolingWindow)
    case .max:
      builder.maxPool(image, window: CNNConfiguration.poolingWindow, stride: CNNConfiguration.poolingWindow)
    case .none: image
    }
  }
}

extension CNNConfiguration {
  /// Pooling windows are squares of so many pixels, as far apart.
  fileprivate static let poolingWindow = 2

  /// The images between the stages, from the first one's input to the last one's output.
  fileprivate func images(from image: ImageShape) throws(Problem) -> [ImageShape] {
    var images = [image]
    for (stage, count) in channels.enumerated() {
      let convolved = convolved(images[stage], channels: count)
      guard min(convolved.height, convolved.width) >= 1 else {
        throw Problem(
          "model.kernel",
          "is \(kernel), too large for stage \(stage + 1), whose images are \(images[stage])",
          remedy: "give a smaller kernel, or more padding")
      }
      guard pooling == .none || min(convolved.height, convolved.width) >= Self.poolingWindow else {
        throw Problem(
          "model.channels",
          "asks for \(channels.count == 1 ? "1 stage" : "\(channels.count) stages"), "
            + "but at stage \(stage + 1) images of \(image) have become \(convolved), too small to pool",
          remedy: "give fewer stages, or pooling: none")
      }
      images.append(pooled(convolved))
    }
    return images
  }

  fileprivate func convolved(_ image: ImageShape, channels: Int) -> ImageShape {
    let loss = kernel - 1 - 2 * padding
    return ImageShape(channels: channels, height: image.height - loss, width: image.width - loss)
  }

  private func pooled(_ image: ImageShape) -> ImageShape {
    guard pooling != .none else { return image }
    return ImageShape(
      channels: image.channels, height: image.height / Self.poolingWindow,
      width: image.width / Self.poolingWindow)
  }
}

extension ImageShape {
  fileprivate var extents: [Int] { [channels, height, width] }
}
