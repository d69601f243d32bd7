/// The shape of an image whose pixels lie in a row of features: channel after channel, each row by row.
public struct ImageShape: Codable, Hashable, Sendable, CustomStringConvertible {
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

  /// The shape in words, such as `3 channels of 32 rows and 32 columns`.
  public var words: String {
    "\(counted(channels, "channel")) of \(counted(height, "row")) and \(counted(width, "column"))"
  }

  /// Whether the last extent looks like a number of colours, and the first does not.
  var mayHaveChannelsLast: Bool {
    let colours: Set = [1, 3, 4]
    return colours.contains(width) && !colours.contains(channels)
  }
}

/// A number of things, such as `1 class` and `2 classes`.
func counted(_ number: Int, _ noun: String) -> String {
  if number == 1 { return "1 \(noun)" }
  return "\(number) \(noun)\(noun.hasSuffix("s") ? "es" : "s")"
}
