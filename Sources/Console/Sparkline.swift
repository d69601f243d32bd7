/// A curve in one line of text.
public enum Sparkline {
  private static let bars = Array("▁▂▃▄▅▆▇█")

  /// Draws `values` in `width` columns; a column shows the largest finite value that falls into it, `×` if none is.
  ///
  /// - Parameters:
  ///   - values: the heights.
  ///   - width: the most columns.
  ///   - range: what the lowest and the highest bar stand for; by default the smallest and the largest value.
  /// - Returns: the curve; empty where there is nothing to draw.
  public static func draw(_ values: [Double], width: Int, in range: ClosedRange<Double>? = nil) -> String {
    let finite = values.filter(\.isFinite)
    guard let low = range?.lowerBound ?? finite.min(), let high = range?.upperBound ?? finite.max(),
      !finite.isEmpty
    else { return "" }
    let columns = min(width, values.count)
    return String(
      (0..<columns).map { column in
        let slice = values[column * values.count / columns..<(column + 1) * values.count / columns]
        guard let peak = slice.filter(\.isFinite).max() else { return "×" }
        let position = high > low ? (peak - low) / (high - low) : 0
        return bars[min(max(Int(position * Double(bars.count)), 0), bars.count - 1)]
      })
  }
}
