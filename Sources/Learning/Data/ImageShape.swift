/// The shape of an image whose pixels lie in a row of features: channel after channel, each row by row.
public struct ImageShape: Hashable, Sendable, CustomStringConvertible {
  /// The number of colours, or of features per pixel.
  public var channels: Int
  /// Rows of pixels.
  public var height: Int
  /// Columns of pixels.
  public var width: Int

  /// Creates a shape from its extents, each 1 or more.
  public init(channels: Int, height: Int, width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// The number of features.
  public var count: Int { channels * height * width }

  /// The shape as text: channels x height x width.
  public var description: String { "\(channels) x \(height) x \(width)" }
}
