/// The affine map from stored bytes to network inputs: `(byte - mean) * factor`, pixel by pixel.
///
/// Means and (population) standard deviations are taken over all images of the training files, whatever subset is used
/// ([EoS] per pixel, [CF] per channel). A pixel that never changes becomes 0.
struct PixelScaling {
  let mean: [Double]
  let factor: [Double]

  init(_ standardization: ImageSelection.Standardization, images: LabelledImages) {
    switch standardization {
    case .none:
      mean = Array(repeating: 0, count: images.imageSize)
      factor = Array(repeating: 1 / 255, count: images.imageSize)
    case .pixel:
      (mean, factor) = Self.moments(of: images, pixelsPerGroup: 1)
    case .channel:
      (mean, factor) = Self.moments(of: images, pixelsPerGroup: images.imageSize / images.channels)
    }
  }

  /// Sums of bytes and of their squares are exact in integers, so the order of the images does not matter.
  private static func moments(
    of images: LabelledImages, pixelsPerGroup: Int
  ) -> (mean: [Double], factor: [Double]) {
    let size = images.imageSize
    var sums = [Int](repeating: 0, count: size)
    var squares = sums
    for image in 0..<images.count {
      for pixel in 0..<size {
        let byte = Int(images.pixels[image * size + pixel])
        sums[pixel] &+= byte
        squares[pixel] &+= byte &* byte
      }
    }
    var mean: [Double] = []
    var factor: [Double] = []
    let count = Double(images.count * pixelsPerGroup)
    for first in stride(from: 0, to: size, by: pixelsPerGroup) {
      let group = first..<first + pixelsPerGroup
      let average = Double(sums[group].reduce(0, +)) / count
      let variance = Double(squares[group].reduce(0, +)) / count - average * average
      mean += Array(repeating: average, count: pixelsPerGroup)
      factor += Array(repeating: variance > 1e-9 ? 1 / variance.squareRoot() : 0, count: pixelsPerGroup)
    }
    return (mean, factor)
  }
}
