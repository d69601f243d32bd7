/// Something wrong with a sweep file, in a sentence.
public struct Problem: Sendable, Hashable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// The run's id, where one run is concerned.
  public let run: String?
  /// What is wrong.
  public let sentence: String

  init(path: String, run: String?, sentence: String) {
    self.path = path
    self.run = run
    self.sentence = sentence
  }

  init(_ error: ShardError) { self.init(path: error.path, run: nil, sentence: error.reason) }

  /// One line: file, run and what is wrong.
  public var description: String { "\(path): \(run.map { "run \($0): " } ?? "")\(sentence)" }
}

/// Whether sweep files are whole and mean what they should.
public enum Verify {
  /// Reads everything in a sweep file, or in all files of a sweep's directory, and checks every checksum,
  /// shape, scale, fill value and invariant.
  ///
  /// - Returns: The problems; none where all is well.
  /// - Throws: A `ShardError` where there is nothing to check, or `path` is no sweep file.
  public static func verify(_ path: String) throws(ShardError) -> [Problem] {
    let files = try SweepFiles.at(path)
    guard files == [path] else { return files.flatMap { problems(ofFile: $0) } }
    do {
      return problems(in: try SweepFile(path))
    } catch {
      // A file with a seal is ours, however damaged.
      if Seal.isBroken(path) { return [Problem(error)] }
      throw error
    }
  }

  /// The problems of one file of a sweep; that it cannot be read is one of them.
  public static func problems(ofFile path: String) -> [Problem] {
    do throws(ShardError) {
      return problems(in: try SweepFile(path))
    } catch {
      return [Problem(error)]
    }
  }

  private static func problems(in file: SweepFile) -> [Problem] {
    let structure = FileStructure.problems(in: file).map { Problem(path: file.path, run: nil, sentence: $0) }
    return structure
      + file.runs.indices.flatMap { row in
        sentences(file, row).map { Problem(path: file.path, run: file.runs[row], sentence: $0) }
      }
  }

  /// The problems of one row.
  private static func sentences(_ file: SweepFile, _ row: Int) -> [String] {
    do throws(ShardError) {
      let record = try file.record(row: row)
      return try file.paddingProblems(record, row) + record.brokenInvariants
    } catch {
      return [error.reason]
    }
  }
}

extension SweepFile {
  /// The variables that hold values where a run has none.
  fileprivate func paddingProblems(_ record: RunRecord, _ row: Int) throws(ShardError) -> [String] {
    var problems: [String] = []
    for variable in VariableTable.all where variable.axes.count > 1 {
      var shape: [Int] = []
      for axis in variable.axes { shape.append(axis == .run ? 1 : try room(axis)) }
      guard !shape.contains(0), let whole = try column(variable, row, shape: shape) else { continue }
      if whole.presentCount != record.column(variable).presentCount {
        problems.append("\(variable.name) holds values beyond what was recorded")
      }
    }
    return problems
  }
}

extension Column {
  /// How many values are not missing.
  fileprivate var presentCount: Int {
    switch self {
    case .reals(let values): values.count { !$0.isNaN }
    case .integers(let values): values.count { $0 != -1 }
    case .texts(let values): values.count { !$0.isEmpty }
    case .flags(let values): values.count { $0 != -1 }
    }
  }
}
