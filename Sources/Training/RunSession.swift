import Foundation
package import Shards

/// What one session has done for a run: a run that was interrupted has several.
package struct RunSession: Codable, Sendable, Equatable {
  /// The step it went on from.
  package var firstStep: Int
  /// The step it left the run at.
  package var steps: Int
  /// The ranks that shared the run.
  package var ranks: Int
  /// Wall time.
  package var seconds: Double
  /// When the program was started, in ISO 8601.
  package var startedAt: String
  /// The machine of the first rank.
  package var host: String
  /// The version of the program, and its git commit.
  package var version: String
  package var commit: String
  /// What decides the bits beside the configuration.
  package var numerics: String

  /// A session that begins.
  package init(firstStep: Int, ranks: Int, provenance: Provenance) {
    (self.firstStep, self.steps, self.ranks, seconds) = (firstStep, firstStep, ranks, 0)
    (startedAt, host) = (provenance.startedAt, provenance.host)
    (version, commit, numerics) = (provenance.version, provenance.gitCommit, provenance.numerics)
  }
}

extension [RunSession] {
  /// The sessions as JSON with sorted keys.
  var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else {
      preconditionFailure("Sessions consist of texts and numbers, which JSON can hold.")
    }
    return String(decoding: data, as: UTF8.self)
  }

  /// Reads them back; none where the text is not theirs.
  init(json: String) {
    self = (try? JSONDecoder().decode([RunSession].self, from: Data(json.utf8))) ?? []
  }
}
