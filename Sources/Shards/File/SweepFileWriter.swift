internal import Files
internal import HDF5
internal import Problems
internal import Schema

/// Writes a sweep file of known extents row by row; equal rows make equal files, byte for byte.
struct SweepFileWriter: ~Copyable {
  private let file: File
  let layout: FileLayout
  private(set) var variables: [(variable: Variable, open: OpenDataset)]

  /// Creates the file with all its dimensions, variables and attributes; every value is missing.
  init(_ path: String, layout: FileLayout, header: FileHeader) throws(HDF5Error) {
    precondition(!layout.runs.isEmpty, "A sweep file has at least one run.")
    _ = FreedMemory.isKept
    let file = try File(creating: path)
    try header.write(to: file.root)
    variables = try file.root.createVariables(layout)
    self.layout = layout
    self.file = file
  }

  /// Writes the state of a run beside its row.
  borrowing func write(_ state: SavedState) throws(HDF5Error) { try StateGroup.write(state, to: file.root) }

  /// Closes the file and reports what fails only then.
  consuming func close() throws(HDF5Error) {
    variables = []
    try file.close()
  }
}

extension SweepFileWriter {
  /// Writes a file with its seal and puts it in the place of `path` in one go.
  ///
  /// - Throws: A `Problem` that names `path`, or what `rows` throws.
  static func replace(
    _ path: String, layout: FileLayout, header: FileHeader,
    rows: (borrowing SweepFileWriter) throws -> Void
  ) throws {
    try AtomicFile.replace(path) { temporary in
      do {
        let writer = try SweepFileWriter(temporary, layout: layout, header: header)
        try rows(writer)
        try writer.close()
        try FileHeader.tellLength(of: temporary)
      } catch let error as HDF5Error {
        throw Problem(error, of: path, remedy: "check the disk and run the same command again")
      }
      try Seal.append(to: temporary, for: path)
    }
  }
}

extension Group {
  fileprivate borrowing func createVariables(
    _ layout: FileLayout
  ) throws(HDF5Error) -> [(variable: Variable, open: OpenDataset)] {
    var scales: [(axis: Axis, open: OpenDataset)] = []
    for axis in layout.axes { scales.append((axis, try createScale(axis, layout))) }
    var variables: [(variable: Variable, open: OpenDataset)] = []
    for variable in layout.variables {
      let open = try createDataset(variable, layout)
      for (index, axis) in variable.axes.enumerated() {
        for scale in scales where scale.axis == axis {
          try open.dataset.attach(scale.open.dataset, toAxis: index)
        }
      }
      variables.append((variable, open))
    }
    return variables
  }

  /// Creates the coordinate of a dimension: the ids of the runs, or the numbers from 0 on.
  private borrowing func createScale(_ axis: Axis, _ layout: FileLayout) throws(HDF5Error) -> OpenDataset {
    let (name, count) = (axis.rawValue, layout[axis])
    let scale: OpenDataset
    if axis == .run {
      scale = OpenDataset(try createStringDataset(name, shape: [count]))
      try scale.dataset.write(layout.runs)
    } else {
      scale = OpenDataset(
        try createDataset(
          name, of: Int64.self, shape: [count],
          storage: count < 100 ? .contiguous : .chunked([65_536], fletcher32: false)))
      try scale.dataset.write(Array(0..<Int64(count)))
    }
    try scale.dataset.makeScale(named: name)
    try scale.dataset.setAttribute("long_name", axis.longName)
    return scale
  }

  /// Creates the dataset of a variable, every value of which is missing, with its attributes.
  private borrowing func createDataset(
    _ variable: Variable, _ layout: FileLayout
  ) throws(HDF5Error) -> OpenDataset {
    let open: OpenDataset
    switch variable.kind {
    case .text, .word:
      open = OpenDataset(try createStringDataset(variable.name, shape: layout.shape(of: variable)))
    case .integer: open = try createNumbers(variable, layout, fill: Int64(-1))
    case .count: open = try createNumbers(variable, layout, fill: Int64(0), isDeclared: false)
    case .weights where !layout.doubleWeights: open = try createNumbers(variable, layout, fill: Float.nan)
    case .real, .weights: open = try createNumbers(variable, layout, fill: Double.nan)
    case .flag(let words):
      open = try createNumbers(variable, layout, fill: Int8(-1))
      try open.dataset.setAttribute("flag_values", words.indices.map { Int8($0) })
      try open.dataset.setAttribute("flag_meanings", words.joined(separator: " "))
    }
    try open.dataset.setAttribute("long_name", variable.longName)
    if !variable.units.isEmpty { try open.dataset.setAttribute("units", variable.units) }
    return open
  }

  private borrowing func createNumbers<Scalar: HDF5Scalar>(
    _ variable: Variable, _ layout: FileLayout, fill: Scalar, isDeclared: Bool = true
  ) throws(HDF5Error) -> OpenDataset {
    let (shape, storage) = (layout.shape(of: variable), layout.storage(of: variable))
    let open = OpenDataset(try createDataset(variable.name, shape: shape, storage: storage, fill: fill))
    if isDeclared { try open.dataset.setAttribute("_FillValue", [fill]) }
    return open
  }
}
