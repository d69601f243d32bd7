import Console
import Jobs
import Sweep

/// The runs of a plan as a table: every one, or what its grid is and the first of them.
struct PlanListing {
  private let plan: SweepPlan
  private let forecast: Forecast
  private let hasLimit: Bool
  private let most: Int

  /// So many runs are listed without being asked for.
  private static let few = 40
  /// Of more, so many.
  private static let sample = 10

  /// Lists the runs of a forecast, all of them only where they are few or `listingAll`.
  init(_ plan: SweepPlan, _ forecast: Forecast, hasLimit: Bool, listingAll: Bool) {
    (self.plan, self.forecast, self.hasLimit) = (plan, forecast, hasLimit)
    let isShort = forecast.entries.count + forecast.endless.count <= Self.few
    most = listingAll || isShort ? .max : Self.sample
  }

  /// The lines, one after the other.
  var text: String {
    let (shown, endless) = (forecast.entries.prefix(most), forecast.endless.prefix(most))
    let rows = [heading] + shown.map(cells) + endless.map(cellsOfEndless)
    let table = Table.aligned(rows.map { $0.joined(separator: "\t") })
    let hidden = forecast.entries.count + forecast.endless.count - shown.count - endless.count
    guard hidden > 0 else { return table }
    let axes = plan.axes.map { "grid: \($0.summary)." }
    let more =
      "... and \(Format.plural(hidden, "more run")); all together are \(Format.duration(forecast.work)) of one rank. "
      + "--all lists them."
    return (axes + [table, more]).joined(separator: "\n")
  }

  private var heading: [String] { (hasLimit ? ["job"] : []) + ["start", "end", "ranks", "steps", "run"] }

  private func cells(_ entry: Forecast.Entry) -> [String] {
    let cut = entry.lastJob > entry.job ? "  (cut)" : ""
    let end = (cut.isEmpty ? "" : "job \(entry.lastJob + 1), ") + Format.duration(entry.end)
    return (hasLimit ? ["\(entry.job + 1)"] : []) + [
      Format.duration(entry.start), end, "\(entry.ranks.count)", steps(entry.run),
      plan.runs[entry.run].id + cut,
    ]
  }

  private func cellsOfEndless(_ run: Int) -> [String] {
    (hasLimit ? ["-"] : []) + ["-", "-", "-", steps(run), plan.runs[run].id + "  (never)"]
  }

  private func steps(_ run: Int) -> String { Format.count(Double(plan.runs[run].stop.steps)) }
}
