// Overrides of which nothing, or not all, is left in the end: nothing that was typed is dropped without a word.

internal import Problems
import Schema

/// Finds what overrides set and no run has.
struct LostOverrides {
  private var lost: [(override: Int, key: String)] = []
  private let overrides: [Override]

  /// Looks at the settings of all runs.
  init(_ overrides: [Override], _ runs: [RunConfiguration]) {
    self.overrides = overrides
    guard !overrides.isEmpty else { return }
    var pending = overrides.map(\.keys)
    for run in runs where !pending.allSatisfy(\.isEmpty) {
      let written = run.written.byPath
      for index in pending.indices where !pending[index].isEmpty {
        let place = Place.override(overrides[index].text)
        pending[index] = pending[index].filter { written[$0]?.place != place }
      }
    }
    lost = pending.enumerated().flatMap { index, keys in keys.sorted().map { (index, $0) } }
  }

  /// A sentence for each that a later override of the same keys replaces.
  var notes: [String] {
    lost.compactMap { index, key in
      guard let later = later(than: index, { $0.keys.contains(key) }) else { return nil }
      return
        "--set \(overrides[index].text): \(key) has no effect, because the later --set \(later.text) replaces it."
        .onOneLine
    }
  }

  /// Reports all others.
  func report(log: inout ProblemLog) {
    for (index, key) in lost where later(than: index, { $0.keys.contains(key) }) == nil {
      let later = later(than: index) { key.hasPrefix($0.path + ".") || $0.path == "grid" }
      log.report(
        "it has no effect" + (later.map { ": the later --set \($0.text) replaces all of \($0.path)" } ?? ""),
        remedy: later == nil
          ? "no run of the grid is left that takes it from there; remove it, or write it into the grid"
          : "write it after that one, or remove it",
        key: key, at: .override(overrides[index].text))
    }
  }

  private func later(than index: Int, _ matches: (Override) -> Bool) -> Override? {
    overrides[(index + 1)...].last(where: matches)
  }
}
