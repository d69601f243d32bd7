import Console
import Foundation

/// The runs under way as a table, the one that will take longest first.
struct RunTable {
  private let runs: [SweepProgress.Run]
  private let unlisted: Int
  private let limit: Double?
  private let form: PageForm

  /// Lists runs of which so many more are not known one by one, and marks those that take longer than the limit.
  init(_ runs: [SweepProgress.Run], unlisted: Int, limit: Double?, _ form: PageForm) {
    (self.runs, self.unlisted, self.limit, self.form) = (runs, unlisted, limit, form)
  }

  /// The table with a blank line before it, in so many lines at most; nothing where that is not worth it.
  func lines(room: Int) -> [String] {
    guard !runs.isEmpty, room >= 3 else { return [] }
    var shown = min(runs.count, form.height == nil ? 20 : room - 2)
    if shown < runs.count + unlisted, form.height != nil, shown > 1 { shown -= 1 }
    let hidden = runs.count + unlisted - shown
    let rows = [Self.header] + runs.prefix(shown).map(cells)
    let text = aligned(rows)
    let more = hidden > 0 ? ["... and \(Format.count(Double(hidden))) more, which will end sooner"] : []
    return [""] + [form.dim(text[0])] + text.dropFirst() + more
  }

  private static let header = ["run", "ranks", "done", "loss", "ratio", "", "left"]

  private func cells(_ run: SweepProgress.Run) -> [String] {
    let part = run.of == 0 ? 1 : Double(run.steps) / Double(run.of)
    let history = run.ratios + [run.ratio].compactMap(\.self)
    return [
      run.id, "\(run.ranks)", "\(Int(100 * min(part, 1))) %",
      run.loss.map { String(format: "%.3g", $0) } ?? "-",
      run.ratio.map { String(format: "%.2f", $0) } ?? "-", Sparkline.draw(history, width: 16, in: 0...1.25),
      run.left.map { Format.duration($0) + ($0 > limit ?? .infinity ? " cut" : "") } ?? "-",
    ]
  }

  /// Cells in columns: ids to the left and shortened where they have to be, numbers to the right.
  private func aligned(_ rows: [[String]]) -> [String] {
    let widths = Self.header.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let others = widths.dropFirst().reduce(0) { $0 + $1 + 2 }
    let first = form.width.map { min(widths[0], max(12, $0 - others)) } ?? widths[0]
    return rows.map { row in
      var text = pad(form.shortened(row[0], to: first), first, isLeft: true)
      for column in row.indices.dropFirst() {
        text += "  " + pad(row[column], widths[column], isLeft: column == 5)
      }
      return form.cut(text)
    }
  }

  private func pad(_ text: String, _ width: Int, isLeft: Bool) -> String {
    let blank = String(repeating: " ", count: max(0, width - text.count))
    return isLeft ? text + blank : blank + text
  }
}
