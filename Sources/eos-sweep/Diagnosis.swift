import Console
import Files
import Foundation
import HDF5
import LinearAlgebra
import MPI
import Problems
import Sweep

/// The doctor's findings.
struct Diagnosis {
  let ranks: [RankReport]
  let memory: MemoryReport
  let directories: [String]

  var text: String {
    (facts + memory.lines + rankLines + directoryLines + notes.map { "note: \($0)" }
      + warnings.map { "warning: \($0)" }
      + [warnings.isEmpty ? "no problem found" : "\(warnings.count) to look at"]).joined(separator: "\n")
  }

  private var facts: [String] {
    [
      BuildInformation.description,
      "MPI:       \(MPIEnvironment.libraryVersion), thread level \(threadLevel)",
      "launcher:  \(Launcher.name), \(Format.plural(ranks.count, "rank"))",
      "HDF5:      \(HDF5Library.version), file locking "
        + (ProcessInfo.processInfo.environment["HDF5_USE_FILE_LOCKING"] ?? "as the library decides"),
      "BLAS:      \(BLAS.configuration)",
      "level:     \(NumericLevel.current.name), of "
        + NumericLevel.available.map(\.name).joined(separator: ", "),
      "machine:   \(ProcessInfo.processInfo.activeProcessorCount) processors",
    ]
  }

  private var threadLevel: String { MPIEnvironment.providedThreadLevel.map { "\($0)" } ?? "unknown" }

  private var rankLines: [String] {
    ranks.prefix(8).map(\.text) + (ranks.count > 8 ? ["           ... and \(ranks.count - 8) more"] : [])
  }

  private var directoryLines: [String] {
    directories.map { "directory: \($0) \(obstacle($0) == nil ? "is writable" : "cannot be written to")" }
  }

  private var notes: [String] {
    [NumericOptions.note(ranks.map(\.bestLevel)), Launcher.unusedTasks(size: ranks.count)].compactMap(\.self)
  }

  /// What could go wrong, each with its remedy.
  var warnings: [String] {
    var found: [String] = []
    let complaints = Dictionary(grouping: ranks.filter { $0.blasComplaint != nil }, by: \.blasComplaint)
    for (complaint, ranks) in complaints.sorted(by: { $0.value[0].rank < $1.value[0].rank }) {
      found.append(
        "\(ranks.count > 1 ? "\(ranks.count) ranks" : "rank \(ranks[0].rank)"): \(complaint ?? "")")
    }
    if Set(ranks.map(\.blasCore)).count > 1 {
      found.append(
        "ranks use different BLAS kernels, so bits will differ between them; use nodes of one kind, or set "
          + "OPENBLAS_CORETYPE to the kernel of the oldest CPU among them")
    }
    found += [Launcher.splitWorld(size: ranks.count), TemporaryDirectory.complaint].compactMap(\.self)
    let perHost = Dictionary(grouping: ranks, by: \.host).mapValues(\.count)
    let processors = ProcessInfo.processInfo.activeProcessorCount
    if let crowded = perHost.first(where: { $0.value > processors }) {
      found.append("\(crowded.value) ranks share the \(processors) processors of \(crowded.key); start fewer")
    }
    return found + directories.compactMap { obstacle($0)?.description }
  }

  /// What a sweep would meet that writes into the directory.
  private func obstacle(_ directory: String) -> Problem? {
    do throws(Problem) {
      try UserPath.checkDirectory(directory, of: "the directory to write into")
      try Directory.probe(directory)
      return nil
    } catch {
      return error
    }
  }
}
