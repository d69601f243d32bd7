/// The room that there is for text, and whether it may be coloured.
public struct PageForm: Sendable, Equatable {
  /// A colour that stands out on any ground.
  public enum Colour: Int, Sendable {
    case red = 31
    case green = 32
  }

  /// The columns of a line; nil where lines may have any length.
  public var width: Int?
  /// The number of lines; nil where there may be any.
  public var height: Int?
  /// Whether escape sequences of terminals may stand in it.
  public var isColoured: Bool

  /// Names the room; by default it is without bounds, and plain.
  public init(width: Int? = nil, height: Int? = nil, isColoured: Bool = false) {
    (self.width, self.height, self.isColoured) = (width, height, isColoured)
  }

  /// A line that fits: its end is left out where it is too long.
  public func cut(_ line: String) -> String {
    guard let width, line.count > width else { return line }
    return line.prefix(max(width - 1, 0)) + "…"
  }

  /// A name of at most `count` characters: its middle is left out, since names differ at both ends.
  public func shortened(_ name: String, to count: Int) -> String {
    guard name.count > count, count > 2 else { return String(name.prefix(max(count, 0))) }
    let end = min((count - 1) / 2, 9)
    return "\(name.prefix(count - 1 - end))…\(name.suffix(end))"
  }

  /// The text in bold type.
  public func bold(_ text: String) -> String { painted(cut(text), 1) }
  /// The text in faint type.
  public func dim(_ text: String) -> String { painted(cut(text), 2) }
  /// The text in red.
  public func red(_ text: String) -> String { painted(cut(text), Colour.red.rawValue) }

  private func painted(_ text: String, _ code: Int) -> String {
    isColoured && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  /// A bar of parts of a whole, each with its sign; what is over stays faint, and whatever is there is seen.
  public func bar(
    _ parts: [(count: Int, sign: Character, colour: Colour?)], of total: Int, width: Int
  ) -> String {
    var (text, left) = ("", max(width, 0))
    for part in parts where part.count > 0 && left > 0 {
      let share = Int(Double(part.count) / Double(max(total, 1)) * Double(width))
      let columns = min(max(share, 1), left)
      left -= columns
      let signs = String(repeating: part.sign, count: columns)
      text += part.colour.map { painted(signs, $0.rawValue) } ?? signs
    }
    return text + painted(String(repeating: "░", count: left), 2)
  }
}
