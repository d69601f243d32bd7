/// A window that moves over an image in steps, as in convolution and pooling.
///
/// Output pixel `(i, j)` sees the pixels `(i * stride + p - padding, j * stride + q - padding)` of the image for
/// all `(p, q)` of the window; pixels outside the image are zero.
public struct SlidingWindow: Hashable, Sendable {
  /// Rows of the image.
  public var height: Int
  /// Columns of the image.
  public var width: Int
  /// Rows of the window.
  public var windowHeight: Int
  /// Columns of the window.
  public var windowWidth: Int
  /// Pixels from one position to the next, in both directions.
  public var stride: Int
  /// Zeros around the image, on all sides.
  public var padding: Int

  /// Creates a window over images of `height x width` pixels.
  public init(
    height: Int, width: Int, windowHeight: Int, windowWidth: Int, stride: Int = 1, padding: Int = 0
  ) {
    (self.height, self.width) = (height, width)
    (self.windowHeight, self.windowWidth) = (windowHeight, windowWidth)
    (self.stride, self.padding) = (stride, padding)
  }

  /// The number of positions from top to bottom.
  public var outputHeight: Int { (height + 2 * padding - windowHeight) / stride + 1 }
  /// The number of positions from left to right.
  public var outputWidth: Int { (width + 2 * padding - windowWidth) / stride + 1 }

  /// Checks that there is a position at all.
  func check() throws(IllTyped) {
    guard min(height, width, windowHeight, windowWidth, stride) >= 1, padding >= 0 else {
      throw IllTyped("needs an image, a window and a stride of 1 or more")
    }
    guard windowHeight <= height + 2 * padding, windowWidth <= width + 2 * padding else {
      throw IllTyped("has a window larger than its image of \(height) x \(width)")
    }
  }

  /// The pixels of the image that an output pixel sees, and where in the window, both row by row.
  func pixels(seenFrom output: Int) -> [(image: Int, window: Int)] {
    let (top, left) = (
      output / outputWidth * stride - padding, output % outputWidth * stride - padding
    )
    return (0..<windowHeight * windowWidth).compactMap { window in
      let (row, column) = (top + window / windowWidth, left + window % windowWidth)
      guard 0..<height ~= row, 0..<width ~= column else { return nil }
      return (row * width + column, window)
    }
  }
}
