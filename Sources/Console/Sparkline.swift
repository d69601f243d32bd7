/// A curve in one line of text.
public enum Sparkline {
  private static let bars = Array("▁▂▃▄▅▆▇█")

  /// Draws `values` in `width` columns; a column shows the largest finite value that falls into it, `×` if none is.
  public static func draw(_ values: [Double], width: Int) -> String {
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max(), !values.isEmpty else { return "" }
    let columns = min(width, values.count)
    return String(
      (0..<columns).map { column in
        let slice = values[column * values.count / columns..<(column + 1) * values.count / columns]
        guard let peak = slice.filter(\.isFinite).max() else { return "×" }
        let position = high > low ? (peak - low) / (high - low) : 0
        return bars[min(Int(position * Double(bars.count)), bars.count - 1)]
      })
  }
}
