public import Problems
internal import Schema

/// What a check of a sweep file has to say, in a sentence.
public struct FileFinding: Sendable, Hashable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// The run's id, where one run is concerned.
  public let run: String?
  /// What is wrong, or worth knowing.
  public let sentence: String
  /// Whether all is well all the same.
  public let isNote: Bool

  init(path: String, run: String? = nil, sentence: String, isNote: Bool = false) {
    self.path = path
    self.run = run
    self.sentence = sentence
    self.isNote = isNote
  }

  init(_ problem: Problem) {
    self.init(path: problem.subject, sentence: "\(problem.sentence); \(problem.remedy)")
  }

  /// One line: file, run and what is wrong.
  public var description: String { "\(path): \(run.map { "run \($0): " } ?? "")\(sentence)" }
}

/// Whether sweep files are whole and mean what they should.
public enum Verify {
  /// Reads everything in a sweep file, or in all files of a sweep's directory, and checks the seal, every checksum,
  /// shape, scale, fill value and invariant.
  ///
  /// - Returns: What was found; nothing where all is well.
  /// - Throws: A `Problem` where there is nothing to check, or `path` is no sweep file.
  public static func verify(_ path: String) throws(Problem) -> [FileFinding] {
    let files = try SweepFiles.at(path)
    guard files == [path] else { return files.flatMap { findings(ofFile: $0) } }
    do {
      return findings(in: try SweepFile(path, checkingSeal: true))
    } catch {
      // A file with a seal is ours, however damaged.
      if (try? Seal.isPresent(path)) == nil { return [FileFinding(error)] }
      throw error
    }
  }

  /// What there is to say of one file of a sweep; that it cannot be read is one of the findings.
  public static func findings(ofFile path: String) -> [FileFinding] {
    do throws(Problem) {
      return findings(in: try SweepFile(path, checkingSeal: true))
    } catch {
      return [FileFinding(error)]
    }
  }

  private static func findings(in file: SweepFile) -> [FileFinding] {
    let rows =
      file.origin == .damaged
      ? []
      : file.runs.indices.flatMap { row in
        sentences(file, row).map { FileFinding(path: file.path, run: file.runs[row], sentence: $0) }
      } + stateFindings(file)
    if let misnaming = file.misnaming { return [FileFinding(misnaming)] + rows }
    let values = rows.isEmpty ? "; the values of all runs are whole" : ""
    switch file.origin {
    case .unknown, .sealed:
      return FileStructure.problems(in: file).map { FileFinding(path: file.path, sentence: $0) } + rows
    case .damaged: return [FileFinding(file.withoutSeal)]
    case .cut:
      let sentence = "its seal is missing: it was cut at its end, or changed in place" + values
      return [FileFinding(path: file.path, sentence: sentence)] + rows
    case .rewritten:
      let sentence = "rewritten by another program" + values
      return [FileFinding(path: file.path, sentence: sentence, isNote: true)] + rows
    }
  }

  /// What is wrong with the saved state of a checkpoint.
  private static func stateFindings(_ file: SweepFile) -> [FileFinding] {
    do throws(Problem) {
      _ = try StateGroup.read(file)
      return []
    } catch {
      return [FileFinding(error)]
    }
  }

  /// The problems of one row.
  private static func sentences(_ file: SweepFile, _ row: Int) -> [String] {
    do throws(Problem) {
      let record = try file.record(row: row)
      return try file.paddingProblems(record, row) + record.brokenInvariants
    } catch {
      return ["\(error.sentence); \(error.remedy)"]
    }
  }
}

extension SweepFile {
  /// The variables that hold values where a run has none.
  fileprivate func paddingProblems(_ record: RunRecord, _ row: Int) throws(Problem) -> [String] {
    var problems: [String] = []
    for variable in VariableTable.all where variable.axes.count > 1 {
      var shape: [Int] = []
      for axis in variable.axes { shape.append(axis == .run ? 1 : try room(axis)) }
      guard !shape.contains(0), let whole = try column(variable, row, shape: shape) else { continue }
      if whole.presentCount(variable.kind) != record.column(variable).presentCount(variable.kind) {
        problems.append("\(variable.name) holds values beyond what was recorded")
      }
    }
    return problems
  }
}
