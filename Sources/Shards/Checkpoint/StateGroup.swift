internal import HDF5
internal import Problems

/// The group of a checkpoint that holds the state of its run.
///
/// All numbers stand in one dataset, all texts in another, and the vectors of a precision one behind the other in a
/// third, each beside the names: opening a dataset takes longer than reading what a small network has to say.
enum StateGroup {
  /// The name of the group.
  static let name = "state"
  private static let checksum = "checksum"

  /// Writes the group into the root of a file.
  static func write(_ state: SavedState, to root: borrowing Group) throws(HDF5Error) {
    let group = try root.createGroup(name)
    try group.setAttribute("long_name", "what the run carries from step to step")
    try group.setAttribute(checksum, state.checksum)
    let (numbers, texts) = (state.numbers.byName, state.texts.byName)
    if let names = try group.createNames("number", numbers.map(\.key)) {
      let values = try group.createDataset("number_value", of: Double.self, shape: [numbers.count])
      try values.attach(names.dataset, toAxis: 0)
      try values.write(numbers.map(\.value))
    }
    if let names = try group.createNames("text", texts.map(\.key)) {
      let values = try group.createStringDataset("text_value", shape: [texts.count])
      try values.attach(names.dataset, toAxis: 0)
      try values.write(texts.map(\.value))
    }
    try group.write(state.floats, named: "float_vector")
    try group.write(state.doubles, named: "double_vector")
  }

  /// Reads the group of a file; nil where there is none.
  ///
  /// - Throws: a problem where its values do not match their checksum, or are not what they should be.
  static func read(_ file: SweepFile) throws(Problem) -> SavedState? {
    let found = try reading { () throws(HDF5Error) in
      try file.withRoot { root throws(HDF5Error) -> (state: SavedState, checksum: String)? in
        guard try root.contains(name) else { return nil }
        let group = try root.openGroup(name)
        return (try group.readState(), try group.stringAttribute(checksum))
      }
    }
    guard let (state, checksum) = found else { return nil }
    guard state.checksum == checksum else {
      throw Seal.damaged(file.path, "the checksum of the saved state does not match")
    }
    return state
  }
}

extension SavedState {
  fileprivate var floats: [(name: String, values: [Float])] {
    vectors.byName.compactMap { if case .float(let values) = $0.value { ($0.key, values) } else { nil } }
  }

  fileprivate var doubles: [(name: String, values: [Double])] {
    vectors.byName.compactMap { if case .double(let values) = $0.value { ($0.key, values) } else { nil } }
  }
}

// MARK: - Writing

extension Group {
  /// Writes vectors one behind the other, with their names and lengths.
  fileprivate borrowing func write<Scalar: HDF5Scalar>(
    _ vectors: [(name: String, values: [Scalar])], named name: String
  ) throws(HDF5Error) {
    guard let names = try createNames(name, vectors.map(\.name)) else { return }
    let lengths = try createDataset(name + "_length", of: Int64.self, shape: [vectors.count])
    try lengths.attach(names.dataset, toAxis: 0)
    try lengths.write(vectors.map { Int64($0.values.count) })
    let total = vectors.reduce(0) { $0 + $1.values.count }
    let all = try createDataset(name + "_value", of: Scalar.self, shape: [total])
    try all.makeScale(named: name + "_value")
    var start = 0
    for vector in vectors where !vector.values.isEmpty {
      try all.write(vector.values, in: Hyperslab(start: [start], count: [vector.values.count]))
      start += vector.values.count
    }
  }

  /// Writes names as the coordinate of a dimension; nil where there are none.
  fileprivate borrowing func createNames(
    _ name: String, _ names: [String]
  ) throws(HDF5Error) -> OpenDataset? {
    guard !names.isEmpty else { return nil }
    let scale = OpenDataset(try createStringDataset(name, shape: [names.count]))
    try scale.dataset.write(names)
    try scale.dataset.makeScale(named: name)
    return scale
  }
}

// MARK: - Reading

extension Group {
  fileprivate borrowing func readState() throws(HDF5Error) -> SavedState {
    var state = SavedState()
    let (numbers, texts) = (try readNames("number"), try readNames("text"))
    if !numbers.isEmpty {
      let values = try openDataset("number_value").read(Double.self)
      state.numbers = Dictionary(zip(numbers, values)) { first, _ in first }
    }
    if !texts.isEmpty {
      let values = try openDataset("text_value").readStrings()
      state.texts = Dictionary(zip(texts, values)) { first, _ in first }
    }
    for (name, values) in try readVectors("float_vector", of: Float.self) {
      state.vectors[name] = .float(values)
    }
    for (name, values) in try readVectors("double_vector", of: Double.self) {
      state.vectors[name] = .double(values)
    }
    return state
  }

  private borrowing func readNames(_ name: String) throws(HDF5Error) -> [String] {
    try contains(name) ? try openDataset(name).readStrings() : []
  }

  private borrowing func readVectors<Scalar: HDF5Scalar>(
    _ name: String, of type: Scalar.Type
  ) throws(HDF5Error) -> [(String, [Scalar])] {
    let names = try readNames(name)
    guard !names.isEmpty else { return [] }
    let lengths = try openDataset(name + "_length").read(Int64.self)
    let all = try openDataset(name + "_value")
    var (start, vectors) = (0, [(String, [Scalar])]())
    for (name, length) in zip(names, lengths) {
      let count = max(0, Int(length))
      let values = count == 0 ? [] : try all.read(type, in: Hyperslab(start: [start], count: [count]))
      vectors.append((name, values))
      start += count
    }
    return vectors
  }
}
