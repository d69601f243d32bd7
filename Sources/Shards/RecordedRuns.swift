public import Problems

/// The runs of a sweep file, read one at a time; the seal of the file is not compared.
public struct RecordedRuns {
  private let file: SweepFile

  /// Opens a merged file or a shard.
  public init(_ path: String) throws(Problem) { file = try SweepFile(path, checkingSeal: false) }

  /// The ids of the runs, in the order of the file.
  public var identifiers: [String] { file.runs }

  /// What went wrong in the runs that failed, and why those were halted that were, by their ids.
  ///
  /// - Throws: A `Problem` that names the file, where it cannot be read.
  public func errors() throws(Problem) -> [String: String] {
    let errors = zip(file.runs, try file.words(.error)), details = zip(file.runs, try file.words(.stopDetail))
    return Dictionary((Array(errors) + details).filter { !$1.isEmpty }) { _, last in last }
  }

  /// Everything that is recorded of a run, once its checksum has been compared.
  ///
  /// - Throws: A `Problem` that names the file, where the run is damaged or not in it.
  public func record(_ id: String) throws(Problem) -> RunRecord {
    guard let row = file.runs.firstIndex(of: id) else {
      throw Problem(file.path, "holds no run \(id)", remedy: "check the id")
    }
    return try file.record(row: row)
  }
}
