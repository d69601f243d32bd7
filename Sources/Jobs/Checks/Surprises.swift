import Datasets

/// What can be computed and is likely not meant.
enum Surprises {
  /// A sentence for every kind.
  static func notes(_ runs: [RunConfiguration]) -> [String] {
    var notes: [String] = []
    if let run = runs.first(where: { $0.stop.steps == 0 }) {
      notes.append(
        "stop.steps is 0, so \(run.id) takes no step and nothing is measured; with 1 the first weights are.")
    }
    if let run = runs.first(where: { $0.seed > 1 << 53 }) {
      notes.append(
        "the seed \(run.seed) is larger than 2^53: programs that read numbers in double precision take it for a neighbour."
      )
    }
    return notes
  }
}
