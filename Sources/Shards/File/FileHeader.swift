internal import Foundation
internal import HDF5

/// The root attributes of a sweep file.
struct FileHeader {
  /// What `format` says in every sweep file.
  static let format = "eos-sweep"
  /// The version of the format; it rises when readers of older versions would misread a file.
  static let version: Int64 = 2
  /// The attribute that says how long the file is without its seal.
  static let sealedBytes = "sealed_bytes"

  let provenance: Provenance
  /// The job file; empty in a shard, of which there may be thousands.
  let sweepYAML: String

  /// The version of the format of a file; nil where it is not one of eos-sweep.
  static func version(of root: borrowing Group) throws(HDF5Error) -> Int64? {
    guard try root.stringAttribute("format") == format else { return nil }
    return try root.attribute("format_version", as: Int64.self).first
  }

  /// Writes the attributes; those that are not known are left out.
  func write(to root: borrowing Group) throws(HDF5Error) {
    try root.setAttribute("format", Self.format)
    try root.setAttribute("format_version", Self.version)
    try root.setAttribute(Self.sealedBytes, Int64(0))
    for (name, text) in texts where !text.isEmpty { try root.setAttribute(name, text) }
    try root.setAttribute("git_dirty", Int8(provenance.gitDirty ? 1 : 0))
    try root.setAttribute("ranks", Int64(provenance.ranks))
    try root.setAttribute("threads_per_rank", Int64(provenance.threadsPerRank))
  }

  /// Writes into a file how long it is, which is known only once it has been closed.
  static func tellLength(of path: String) throws(HDF5Error) {
    let file = try File(opening: path, .readWrite)
    try file.root.updateAttribute(sealedBytes, Int64(file.end))
    try file.close()
  }

  var texts: [(name: String, text: String)] {
    let told = provenance
    let fixed = [
      ("title", "Training runs recorded by eos-sweep"),
      ("history", "\(told.startedAt) \(told.commandLine)".trimmingCharacters(in: .whitespaces)),
      ("source", "eos-sweep \(told.version)"),
      ("sweep_yaml", sweepYAML), ("version", told.version), ("git_commit", told.gitCommit),
      ("host", told.host), ("command_line", told.commandLine), ("started_at", told.startedAt),
      ("mpi_library", told.mpiLibrary), ("hdf5_library", told.hdf5Library),
      ("blas_library", told.blasLibrary), ("blas_core", told.blasCore),
      ("blas_choice", told.blasChoice ?? ""), ("vector_level", told.vectorLevel ?? ""),
    ]
    return fixed + told.slurm.sorted { $0.key < $1.key }.map { ($0.key.lowercased(), $0.value) }
  }
}

extension Provenance {
  /// The provenance as JSON with sorted keys.
  public var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else {
      preconditionFailure("A provenance consists of texts and numbers, which JSON can hold.")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
