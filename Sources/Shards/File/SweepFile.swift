internal import HDF5

/// A sweep file that is open for reading: a merged file or a shard.
final class SweepFile {
  let path: String
  /// The ids of the runs, in the order of the rows.
  let runs: [String]
  private let file: File
  private var datasets: [String: OpenDataset] = [:]

  /// Opens a file, and refuses one that eos-sweep did not write or that a newer version wrote.
  init(_ path: String) throws(ShardError) {
    _ = FreedMemory.isKept
    guard !Seal.isBroken(path) else {
      throw ShardError(path, "its checksum does not match: it was damaged; remove it and run the sweep again")
    }
    let file: File
    do {
      file = try File(opening: path)
    } catch {
      throw ShardError(path, "\(error.reason); give a file that eos-sweep wrote")
    }
    try Self.recognize(file.root, path)
    runs = try Self.runs(file.root, path)
    self.path = path
    self.file = file
  }

  private static func runs(_ root: borrowing Group, _ path: String) throws(ShardError) -> [String] {
    do {
      let run = try root.openDataset("run")
      if try run.shape.count == 1, case let runs = try run.readStrings(), !runs.isEmpty { return runs }
    } catch {
      throw ShardError(error)
    }
    throw ShardError(path, "it holds no runs; merge the sweep again")
  }

  private static func recognize(_ root: borrowing Group, _ path: String) throws(ShardError) {
    guard let version = try? FileHeader.version(of: root) else {
      throw ShardError(path, "this HDF5 file was not written by eos-sweep; give a sweep file or a shard")
    }
    guard (1...FileHeader.version).contains(version) else {
      throw ShardError(
        path,
        "it has format version \(version), this program reads up to \(FileHeader.version); update eos-sweep")
    }
  }

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
  private func dataset(_ variable: Variable) throws(ShardError) -> OpenDataset? {
    let open = try sharding { () throws(HDF5Error) in try dataset(variable.name) }
    guard let open else { return nil }
    guard try sharding({ () throws(HDF5Error) in try open.dataset.shape.count }) == variable.axes.count else {
      throw ShardError(path, "\(variable.name) has the wrong dimensions; restore the file or merge again")
    }
    return open
  }

  /// The optional variables that stand in the file.
  func optionalVariables() throws(ShardError) -> Set<String> {
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
  func extents(row: Int) throws(ShardError) -> RecordExtents {
    var extents = RecordExtents()
    for (name, axis) in RecordExtents.variables {
      let variable = VariableTable.variable(name)
      let counts = try column(variable, row, shape: [1])
      if variable.isOptional, counts?.isMissing ?? true { continue }
      guard case .integers(let values) = counts, let count = values.first else {
        throw damaged(row, "\(name) is missing")
      }
      let room = try self.room(axis)
      guard (0...Int64(room)).contains(count) else {
        throw damaged(row, "\(name) is \(count), but there is room for \(room)")
      }
      extents[axis] = Int(count)
    }
    return extents
  }

  /// The extent of a dimension.
  func room(_ axis: Axis) throws(ShardError) -> Int {
    try sharding { () throws(HDF5Error) in try dataset(axis.rawValue)?.dataset.shape.first ?? 0 }
  }

  /// Everything that is recorded of a run; throws where its checksum does not match.
  func record(row: Int) throws(ShardError) -> RunRecord {
    let (record, checksum) = try read(row, VariableTable.all)
    guard record.checksum == checksum else {
      throw damaged(row, "the checksum of its values does not match")
    }
    return record
  }

  /// The per-run values of a run, without what was recorded along it.
  func summary(row: Int) throws(ShardError) -> RunRecord {
    try read(row, VariableTable.all.filter { $0.axes.count == 1 }).record
  }

  private func read(
    _ row: Int, _ variables: [Variable]
  ) throws(ShardError) -> (record: RunRecord, checksum: String?) {
    let extents = try extents(row: row)
    var record = RunRecord(id: runs[row], extents: extents)
    var checksum: String?
    for variable in variables where extents.count(of: variable) > 0 {
      if variable.kind == .weights {
        record.weights = try weights(row, extents)
      } else if let column = try column(variable, row, shape: extents.shape(of: variable)) {
        if variable == VariableTable.checksum, case .texts(let texts) = column { checksum = texts.first }
        if !variable.isDerived { record.store(column, variable.name, extents) }
      }
    }
    return (record, checksum)
  }

  /// The first values of a variable in a row; nil where the file lacks the variable.
  func column(_ variable: Variable, _ row: Int, shape: [Int]) throws(ShardError) -> Column? {
    let open = try dataset(variable)
    return try sharding { () throws(HDF5Error) in try open?.read(variable.kind, row: row, shape: shape) }
  }

  private func weights(_ row: Int, _ extents: RecordExtents) throws(ShardError) -> Weights? {
    let block = Hyperslab(start: [row, 0], count: [1, extents[.parameter]])
    guard let open = try dataset(VariableTable.weights) else { return nil }
    return try sharding { () throws(HDF5Error) in
      try hasDoubleWeights() ? .double(open.dataset.read(in: block)) : .float(open.dataset.read(in: block))
    }
  }

  private func damaged(_ row: Int, _ what: String) -> ShardError {
    ShardError(path, "run \(runs[row]) is damaged: \(what); remove the file and run the sweep again")
  }
}
