internal import Files
internal import HDF5
internal import Problems
internal import Schema

/// A sweep file that is open for reading: a merged file or a shard, of today's format or an older one.
final class SweepFile {
  /// What is known of a file's way since eos-sweep wrote it.
  enum Origin {
    /// Its seal has not been looked at.
    case unknown
    /// It is byte for byte what was written.
    case sealed
    /// Its seal has been cut off, or a program has changed it in place.
    case cut
    /// Another program has written it anew.
    case rewritten
    /// What stands in the place of its seal is none.
    case damaged
  }

  let path: String
  /// The ids of the runs, in the order of the rows.
  let runs: [String]
  /// The version of the format.
  let version: Int64
  let origin: Origin
  private let file: File
  private var datasets: [String: OpenDataset] = [:]

  /// Opens a file, and refuses one that eos-sweep did not write, that a newer version wrote or that is damaged.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - checkingSeal: Whether the whole file is read and held against its seal before HDF5 sees it.
  /// - Throws: A `Problem` that names the file.
  init(_ path: String, checkingSeal: Bool) throws(Problem) {
    _ = FreedMemory.isKept
    let isSealed = checkingSeal ? try Seal.isPresent(path) : nil
    let file: File
    do {
      file = try File(opening: path)
    } catch {
      throw Problem(error, of: path, remedy: "give a file that eos-sweep wrote")
    }
    version = try Self.recognize(file.root, path)
    switch isSealed {
    case nil: origin = .unknown
    case true: origin = .sealed
    case false: origin = try Self.origin(file)
    }
    runs = try Self.runs(file.root, path)
    self.path = path
    self.file = file
  }

  /// What is wrong with the name of a shard: one that holds a single run and is not called after its writer is called
  /// after the run.
  var misnaming: Problem? {
    guard runs.count == 1, UserPath.directoryName(of: path) == "shards",
      let name = path.split(separator: "/").last.map(String.init), !ShardName.isOfWriter(name),
      name != "\(runs[0]).h5"
    else { return nil }
    return Problem(
      path, "holds the run \(runs[0]), so somebody has renamed it", remedy: "give it its name again")
  }

  private static let update = "update eos-sweep"

  /// Whether a file could not be opened because a newer program wrote it.
  static func isOfNewerProgram(_ problem: Problem) -> Bool { problem.remedy == update }

  private static func runs(_ root: borrowing Group, _ path: String) throws(Problem) -> [String] {
    let runs = try reading { () throws(HDF5Error) -> [String] in
      let run = try root.openDataset("run")
      return try run.shape.count == 1 ? try run.readStrings() : []
    }
    guard !runs.isEmpty else { throw Problem(path, "it holds no runs", remedy: "merge the sweep again") }
    return runs
  }

  private static func recognize(_ root: borrowing Group, _ path: String) throws(Problem) -> Int64 {
    guard let version = try? FileHeader.version(of: root) else {
      throw Problem(
        path, "this HDF5 file was not written by eos-sweep", remedy: "give a sweep file or a shard")
    }
    guard (1...FileHeader.version).contains(version) else {
      throw Problem(
        path, "it has format version \(version), this program reads up to \(FileHeader.version)",
        remedy: Self.update)
    }
    return version
  }

  /// Tells a file whose seal is gone from one that another program wrote.
  ///
  /// A file says how long it was before it was sealed. Programs that write it anew copy that, but make a file of
  /// another length, and leave nothing behind it.
  private static func origin(_ file: borrowing File) throws(Problem) -> Origin {
    let (end, told) = try reading { () throws(HDF5Error) in
      let told =
        try file.root.hasAttribute(FileHeader.sealedBytes)
        ? try file.root.attribute(FileHeader.sealedBytes, as: Int64.self).first : nil
      return (try file.end, told)
    }
    guard try FileReader(file.path).size == end else { return .damaged }
    return told == Int64(end) ? .cut : .rewritten
  }

  /// What is said of a file whose seal has been overwritten, or cut in two.
  var withoutSeal: Problem { Seal.damaged(path, "the bytes at its end are no seal") }

  /// The root group, for checks of the file as a whole.
  func withRoot<Result>(
    _ body: (borrowing Group) throws(HDF5Error) -> Result
  ) throws(HDF5Error) -> Result { try body(file.root) }

  /// The dataset of a name, opened once; nil where there is none.
  func dataset(_ name: String) throws(HDF5Error) -> OpenDataset? {
    if let open = datasets[name] { return open }
    guard try file.root.contains(name) else { return nil }
    let open = OpenDataset(try file.root.openDataset(name))
    datasets[name] = open
    return open
  }

  /// The dataset of a variable, with as many dimensions as it should have; nil where there is none.
  private func dataset(_ variable: Variable) throws(Problem) -> OpenDataset? {
    let open = try reading { () throws(HDF5Error) in try dataset(variable.name) }
    guard let open else { return nil }
    guard try reading({ () throws(HDF5Error) in try open.dataset.shape.count }) == variable.axes.count else {
      throw Problem(
        path, "\(variable.name) has the wrong dimensions", remedy: "restore the file or merge again")
    }
    return open
  }

  /// How the values of a variable stand in this file.
  func storedKind(_ variable: Variable) -> Variable.Kind {
    version == 1 ? Version1.storedKind(variable.kind) : variable.kind
  }

  /// The optional variables that stand in the file.
  func optionalVariables() throws(Problem) -> Set<String> {
    var names: Set<String> = []
    for variable in VariableTable.all where variable.isOptional {
      if try dataset(variable) != nil { names.insert(variable.name) }
    }
    return names
  }

  /// Whether weights are stored in double precision.
  func hasDoubleWeights() throws(HDF5Error) -> Bool {
    try dataset("weights")?.dataset.elementType == .double
  }
}

// MARK: - Rows

extension SweepFile {
  /// What a row says it holds.
  func extents(row: Int) throws(Problem) -> RecordExtents { try extents(rows: row..<row + 1)[0] }

  /// What rows say they hold.
  func extents(rows: Range<Int>) throws(Problem) -> [RecordExtents] {
    guard origin != .damaged else { throw withoutSeal }
    var extents = [RecordExtents](repeating: RecordExtents(), count: rows.count)
    for (variable, axis) in RecordExtents.variables {
      guard case .integers(let counts) = try column(variable, rows.lowerBound, shape: [rows.count]) else {
        if variable.isOptional { continue }
        throw damaged(rows.lowerBound, "\(variable.name) is missing")
      }
      let room = try self.room(axis)
      for (index, count) in counts.enumerated() {
        guard (0...Int64(room)).contains(count) else {
          throw damaged(
            rows.lowerBound + index, "\(variable.name) is \(count), but there is room for \(room)")
        }
        extents[index][axis] = Int(count)
      }
    }
    return extents
  }

  /// The extent of a dimension.
  func room(_ axis: Axis) throws(Problem) -> Int {
    try reading { () throws(HDF5Error) in try dataset(axis.rawValue)?.dataset.shape.first ?? 0 }
  }

  /// Everything that is recorded of a run; throws where its checksum does not match.
  func record(row: Int) throws(Problem) -> RunRecord {
    let (record, stored) = try read(row, VariableTable.all)
    let checksum = version == 1 ? Version1.checksum(record.id, stored) : record.checksum
    guard case .texts([checksum]) = stored[Variable.checksum.name] else {
      throw damaged(row, "the checksum of its values does not match")
    }
    return record
  }

  /// The per-run values of a run, without what was recorded along it.
  func summary(row: Int) throws(Problem) -> RunRecord {
    try read(row, VariableTable.all.filter { $0.axes.count == 1 }).record
  }

  /// Reads variables of a row: as a record, and as they stand in the file.
  private func read(
    _ row: Int, _ variables: [Variable]
  ) throws(Problem) -> (record: RunRecord, stored: [String: Column]) {
    let extents = try extents(row: row)
    var record = RunRecord(id: runs[row], extents: extents)
    var stored: [String: Column] = [:]
    for variable in variables where extents.count(of: variable) > 0 {
      if variable.kind == .weights {
        record.weights = try weights(row, extents)
        if version == 1 { stored[variable.name] = record.weights.map { .reals($0.doubles) } }
      } else if let column = try storedColumn(variable, row, shape: extents.shape(of: variable)) {
        stored[variable.name] = column
        guard !variable.isDerived else { continue }
        record.store(current(column, variable), variable, extents)
      }
    }
    return (record, stored)
  }

  /// The first values of a variable in a row; nil where the file lacks the variable.
  func column(_ variable: Variable, _ row: Int, shape: [Int]) throws(Problem) -> Column? {
    try storedColumn(variable, row, shape: shape).map { current($0, variable) }
  }

  private func current(_ stored: Column, _ variable: Variable) -> Column {
    version == 1 ? Version1.column(stored, variable.kind) : stored
  }

  private func storedColumn(_ variable: Variable, _ row: Int, shape: [Int]) throws(Problem) -> Column? {
    let open = try dataset(variable)
    return try reading { () throws(HDF5Error) in
      try open?.read(storedKind(variable), row: row, shape: shape)
    }
  }

  private func weights(_ row: Int, _ extents: RecordExtents) throws(Problem) -> Weights? {
    let block = Hyperslab(start: [row, 0], count: [1, extents[.parameter]])
    guard let open = try dataset(.weights) else { return nil }
    return try reading { () throws(HDF5Error) in
      try hasDoubleWeights() ? .double(open.dataset.read(in: block)) : .float(open.dataset.read(in: block))
    }
  }

  func damaged(_ row: Int, _ what: String) -> Problem {
    Problem(path, "run \(runs[row]) is damaged: \(what)", remedy: "remove the file and run the sweep again")
  }
}
