internal import Files
internal import HDF5
internal import Problems
internal import Schema

/// The first part of a merge: which shard holds what.
struct ShardSurvey {
  /// Where a run was found.
  struct Place {
    let entry: ShardEntry
    let extents: RecordExtents
    let path: String
    let row: Int
    /// The record, where there was room to keep it.
    var record: RunRecord?
    /// What only the record or its file tells; nil where the file as a whole is to be asked.
    var optional: (variables: Set<String>, doubleWeights: Bool)?
  }

  private let runs: [String]
  private let rows: [String: Int]
  /// Where each planned run was found, nil where it was not.
  private(set) var places: [Place?]
  /// What is wrong with the rows of runs that were found nowhere else.
  private(set) var problems: [Int: Problem] = [:]
  /// The shards, or rows of them, that are not whole.
  private(set) var damaged: [Problem] = []
  private(set) var files = ShardFiles()
  /// How many bytes of records may still be kept, so that their shards are opened only once.
  private var room = 128 << 20

  init(_ runs: [String]) {
    self.runs = runs
    rows = Dictionary(runs.enumerated().map { ($1, $0) }) { first, _ in first }
    precondition(rows.count == runs.count, "Every run stands in the plan once.")
    places = Array(repeating: nil, count: runs.count)
  }

  /// Notes which of the planned runs a shard holds, of those that count there.
  mutating func look(at path: String, counts: (String) -> Bool = { _ in true }) {
    do throws(Problem) {
      let file = try SweepFile(path, checkingSeal: true)
      if let misnaming = file.misnaming { throw misnaming }
      let (entries, extents) = (try file.entries(), try file.extents(rows: file.runs.indices))
      for (row, entry) in entries.enumerated() {
        guard let planned = rows[entry.id], counts(entry.id),
          places[planned].map({ entry.supersedes($0.entry) }) ?? true
        else { continue }
        let place = Place(entry: entry, extents: extents[row], path: path, row: row)
        take(place, planned, from: file)
      }
      if file.isCopiedWhole { files.keep(file) }
    } catch {
      // A checkpoint goes when its run has ended, while others merge.
      if (try? FileKind.of(path)) != .absent { damaged.append(error) }
    }
  }

  /// Rows of old or rewritten files, and of files that hold few, are read at once: their checksums count, and so many
  /// files cannot stay open.
  private mutating func take(_ place: Place, _ planned: Int, from file: SweepFile) {
    var place = place
    if !file.isCopiedWhole {
      do throws(Problem) {
        let record = try file.record(row: place.row)
        place.optional = (record.optionalVariables, record.weights?.isDouble ?? false)
        if place.extents.bytes <= room {
          room -= place.extents.bytes
          place.record = record
        }
      } catch {
        damaged.append(error)
        problems[planned] = error
        return
      }
    }
    places[planned] = place
  }

  /// The layout of a file that holds all that was found.
  func layout() throws(Problem) -> FileLayout {
    var layout = FileLayout(runs: runs)
    var whole: [String: [Place]] = [:]
    for case let place? in places {
      if let optional = place.optional {
        layout.include(place.extents, optional: optional.variables, doubleWeights: optional.doubleWeights)
      } else {
        layout.include(place.extents, optional: [], doubleWeights: false)
        whole[place.path, default: []].append(place)
      }
    }
    for (path, places) in whole {
      let (optional, double) = try files.optional(places, of: path)
      layout.include(RecordExtents(), optional: optional, doubleWeights: double)
    }
    return layout
  }
}

/// The shards of a merge, of which so many stay open.
struct ShardFiles {
  private var open: [String: (file: SweepFile, stamp: FileStamp?)] = [:]
  private var stamps: [String: FileStamp] = [:]
  private static let limit = 32

  /// Keeps a file open, where there is room, and remembers its state.
  mutating func keep(_ file: SweepFile) {
    let stamp = try? FileStamp.of(file.path)
    stamps[file.path] = stamp
    if open.count < Self.limit { open[file.path] = (file, stamp) }
  }

  /// Closes what was opened beyond the limit.
  mutating func closeSome() {
    for path in open.keys.sorted().dropFirst(Self.limit) { open[path] = nil }
  }

  /// The row that was found at a place.
  mutating func row(_ place: ShardSurvey.Place) throws(Problem) -> FileRow {
    if let record = place.record { return FileRow(record) }
    let file = try file(place.path)
    guard place.row < file.runs.count, file.runs[place.row] == place.entry.id else {
      throw Problem(place.path, "another program has changed it meanwhile", remedy: "merge again")
    }
    if file.isCopiedWhole { return FileRow(file, row: place.row, extents: place.extents) }
    return FileRow(try file.record(row: place.row))
  }

  private mutating func file(_ path: String) throws(Problem) -> SweepFile {
    if let known = open[path] { return known.file }
    let stamp = try FileStamp.of(path)
    let file = try SweepFile(path, checkingSeal: stamp == nil || stamp != stamps[path])
    open[path] = (file, stamp)
    return file
  }

  /// The optional variables of which rows hold values, and whether they hold weights in double precision.
  func optional(
    _ places: [ShardSurvey.Place], of path: String
  ) throws(Problem) -> (variables: Set<String>, doubleWeights: Bool) {
    let file = if let known = open[path] { known.file } else { try SweepFile(path, checkingSeal: false) }
    let variables = try file.optionalVariables()
    let double = try reading { () throws(HDF5Error) in try file.hasDoubleWeights() }
    if places.count == file.runs.count { return (variables, double) }
    let rows = places.map { FileRow(file, row: $0.row, extents: $0.extents) }
    let present = try reading { () throws(HDF5Error) in
      var present: Set<String> = []
      for variable in VariableTable.all where variables.contains(variable.name) {
        if try SweepFileWriter.holdValues(rows, variable) { present.insert(variable.name) }
      }
      return present
    }
    let precisions = try file.words(.precision)
    let isDouble = places.contains { $0.extents[.parameter] > 0 && precisions[$0.row] == "double" }
    return (present, double && isDouble)
  }
}

extension SweepFile {
  /// Whether the rows can be copied as they are: there are several, and the seal vouches for their bits.
  ///
  /// Other files are not kept open, since there may be thousands of them.
  var isCopiedWhole: Bool {
    guard version == FileHeader.version, runs.count > 1 else { return false }
    if case .sealed = origin { return true }
    // A file that is opened again, unchanged, was sealed before.
    if case .unknown = origin { return true }
    return false
  }
}
