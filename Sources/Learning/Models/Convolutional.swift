import Datasets
import LinearAlgebra
import Problems
import TensorProgram

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
    self.configuration = configuration
    images = try configuration.images(from: image)
    let features = images[images.count - 1].count
    let channels = zip(configuration.channels, images).map { outputs, image in
      [outputs, image.channels, configuration.kernel, configuration.kernel]
    }
    let widths = [features] + configuration.hidden + [outputs]
    guard widths.allSatisfy({ $0 >= 1 }) else {
      throw Problem("model.hidden", "holds a width below 1", remedy: "give widths of 1 or more")
    }
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
    guard channels.allSatisfy({ $0 >= 1 }) else {
      throw Problem("model.channels", "holds a number below 1", remedy: "give 1 or more")
    }
    guard kernel >= 1 else { throw Problem("model.kernel", "is \(kernel)", remedy: "give 1 or more") }
    guard padding >= 0 else { throw Problem("model.padding", "is \(padding)", remedy: "give 0 or more") }
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
