// What can be told of a dataset before training: from its keys where it is synthetic, by reading it where it comes from
// files, so that every missing, truncated or malformed file is found before anything runs.

package import Datasets
package import Problems

/// What a dataset is, under the name that a job has for it.
package struct DataFacts: Hashable, Sendable {
  /// The name of the dataset, with its file where it has one.
  package let label: String
  package let summary: DatasetSummary

  package var examples: Int { summary.examples }
  package var features: Int { summary.features }
  package var outputs: Int { summary.outputs }
  /// Whether the targets are classes.
  package var hasClasses: Bool { summary.hasClasses }
  /// The shape of the features, where they are the pixels of an image.
  package var image: ImageShape? { summary.image }

  /// Looks at a configuration, and at its files if it has any, as a run of a precision reads them.
  package init(_ data: DataConfiguration, precision: Precision = .float) throws(Problem) {
    label = [data.name, data.source.file].compactMap(\.self).joined(separator: " ")
    if let foreseen = try data.source.foreseen() {
      summary = foreseen
    } else {
      summary =
        switch precision {
        case .float: DatasetSummary(try data.load(as: Float.self))
        case .double: DatasetSummary(try data.load(as: Double.self))
        }
    }
  }
}

// MARK: - In a plan

extension SweepPlan {
  /// More lines than these tell nobody anything.
  private static let mostLines = 10

  /// What the data of the runs is: a line for every dataset, in the order of the runs.
  public var dataLines: [String] {
    let facts = Self.ordered(dataFacts, runs)
    let lines = facts.prefix(Self.mostLines).map { "\($0.label): \($0.summary)." }
    return facts.count > lines.count ? lines + ["and \(facts.count - lines.count) more datasets."] : lines
  }

  /// What a user should know of the data.
  static func notes(on facts: [DataConfiguration: DataFacts], of runs: [RunConfiguration]) -> [String] {
    var notes: [String] = []
    for fact in ordered(facts, runs) {
      for note in fact.summary.notes where !notes.contains("\(fact.label): \(note).") {
        notes.append("\(fact.label): \(note).")
      }
    }
    guard notes.count > mostLines else { return notes }
    return notes.prefix(mostLines) + ["and \(notes.count - mostLines) more notes on the data."]
  }

  private static func ordered(
    _ facts: [DataConfiguration: DataFacts], _ runs: [RunConfiguration]
  ) -> [DataFacts] {
    var seen: Set<DataConfiguration> = []
    return runs.compactMap { seen.insert($0.data).inserted ? facts[$0.data] : nil }
  }
}
