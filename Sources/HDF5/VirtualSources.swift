internal import CHDF5
internal import Glibc

// Virtual datasets: arrays put together from datasets of other files. What no source gives is read as zeros.

/// A part of a virtual dataset, and where its elements lie.
private struct VirtualSource: Hashable {
  /// The file as it is named in the dataset; `.` is the file itself.
  let file: String
  /// The dataset in it.
  let name: String
}

extension Dataset {
  borrowing func virtualObstacle(_ properties: borrowing Handle, depth: Int) throws(HDF5Error) -> Obstacle? {
    var count = 0
    _ = try call("H5Pget_virtual_count", path) { unsafe H5Pget_virtual_count(properties.id, &count) }
    let total = try shape.reduce(1, *)
    var mapped = 0
    var sources: Set<VirtualSource> = []
    for index in 0..<count {
      let elements = try elementsMapped(properties, index)
      mapped += elements ?? total
      let source = try source(properties, index)
      guard sources.insert(source).inserted else { continue }
      if let obstacle = try obstacle(of: source, depth: depth) { return obstacle }
    }
    guard mapped < total else { return nil }
    return Obstacle(
      sentence: "is virtual, and its sources give only \(mapped) of its \(total) numbers",
      remedy: "map all of it, or write the numbers themselves")
  }

  /// How many elements a mapping gives; nil where it grows with its source.
  private borrowing func elementsMapped(_ properties: borrowing Handle, _ index: Int) throws(HDF5Error)
    -> Int?
  {
    let space = try Handle(.dataspace, "H5Pget_virtual_vspace", path) {
      H5Pget_virtual_vspace(properties.id, index)
    }
    let count = H5Sget_select_npoints(space.id)
    return count < 0 ? nil : Int(count)
  }

  private borrowing func source(
    _ properties: borrowing Handle, _ index: Int
  ) throws(HDF5Error) -> VirtualSource {
    let file = try text("H5Pget_virtual_filename", path) {
      unsafe H5Pget_virtual_filename(properties.id, index, $0, $1)
    }
    let name = try text("H5Pget_virtual_dsetname", path) {
      unsafe H5Pget_virtual_dsetname(properties.id, index, $0, $1)
    }
    // Of numbered sources, the first stands for all.
    return VirtualSource(file: file.firstOfNumbered, name: name.firstOfNumbered)
  }

  private borrowing func obstacle(of source: VirtualSource, depth: Int) throws(HDF5Error) -> Obstacle? {
    guard depth < 8 else {
      return Obstacle(
        sentence: "is virtual, and its sources lead back to itself", remedy: "write the numbers")
    }
    let own = try text("H5Fget_name", path) { unsafe H5Fget_name(handle.id, $0, $1) }
    guard let found = source.file == "." ? own : Self.find(source.file, besides: own) else {
      return .missing(file: source.file)
    }
    do {
      let file = try File(opening: found)
      let dataset = try file.root.openDataset(source.name)
      guard let inner = try dataset.obstacle(depth: depth + 1) else { return nil }
      return Obstacle(
        sentence: "takes its numbers from \(source.name) of \(found), which \(inner.sentence)",
        remedy: inner.remedy)
    } catch {
      return Obstacle(
        sentence:
          "takes its numbers from \(source.name) of \(found), which cannot be read (\(error.sentence))",
        remedy: error.remedy ?? "put that dataset there, or write the numbers themselves")
    }
  }

  /// Where the library looks for a source: first beside the file that names it.
  private static func find(_ file: String, besides own: String) -> String? {
    let directory = own.contains("/") ? String(own[...(own.lastIndex(of: "/") ?? own.startIndex)]) : ""
    let base = file.split(separator: "/").last.map(String.init) ?? file
    let prefix = unsafe getenv("HDF5_VDS_PREFIX").map { unsafe String(cString: $0) } ?? ""
    let prefixes = prefix.split(separator: ":").map {
      ($0 == "${ORIGIN}" || $0.hasPrefix("${ORIGIN}/") ? directory + $0.dropFirst(9) : String($0)) + "/"
    }
    let relative = (prefixes + [directory, ""]).map { $0 + (file.hasPrefix("/") ? base : file) }
    return ((file.hasPrefix("/") ? [file] : []) + relative).first { unsafe access($0, F_OK) == 0 }
  }
}

extension String {
  /// Names of sources may count blocks with `%b`.
  fileprivate var firstOfNumbered: String {
    split(separator: "%%", omittingEmptySubsequences: false).map { $0.replacing("%b", with: "0") }.joined(
      separator: "%")
  }
}
