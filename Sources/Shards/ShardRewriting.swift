internal import Files
internal import Foundation
internal import Problems
internal import Schema

extension Shard {
  /// Takes runs out of a shard: it is written anew without them, in one go, or removed where none is left.
  ///
  /// The rows that stay are what they were, bit for bit.
  ///
  /// - Parameters:
  ///   - runs: The ids of the runs.
  ///   - path: The shard.
  /// - Returns: Whether it held any of them.
  /// - Throws: A `Problem` that names `path`, where it is damaged or cannot be replaced; it stays as it is then.
  @discardableResult
  public static func remove(_ runs: Set<String>, from path: String) throws -> Bool {
    let file = try SweepFile(path, checkingSeal: true)
    var seen: Set<String> = []
    let kept = file.runs.filter { !runs.contains($0) && seen.insert($0).inserted }
    if file.runs.allSatisfy({ !runs.contains($0) }) { return false }
    if kept.isEmpty {
      AtomicFile.remove(path)
      guard try FileKind.of(path) == .absent else {
        throw Problem(path, "cannot be removed", remedy: "check the rights of its directory")
      }
      return true
    }
    var survey = ShardSurvey(kept)
    survey.look(at: path)
    if let problem = survey.damaged.first { throw problem }
    let header = FileHeader(provenance: try file.provenance(of: kept[0]), sweepYAML: "")
    try Merge.write(survey, planned: { RunRecord(id: kept[$0]) }, header: header, into: path) { report in
      if let problem = report.damaged.first { throw problem }
    }
    return true
  }
}

extension SweepFile {
  /// Who computed a run of the file.
  fileprivate func provenance(of run: String) throws(Problem) -> Provenance {
    let texts = try words(.provenanceJson)
    let row = runs.firstIndex(of: run) ?? 0
    let told = try? JSONDecoder().decode(Provenance.self, from: Data(texts[row].utf8))
    return told ?? Provenance(version: "")
  }
}
