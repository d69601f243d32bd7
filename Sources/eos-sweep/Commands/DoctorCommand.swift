import ArgumentParser
import Foundation
import HDF5
import LinearAlgebra
import MPI
import Sweep

/// The command `eos-sweep doctor`.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Versions, launcher, affinity, BLAS kernel, file locking, writable directories.",
    discussion: "Run it the way you run sweeps (mpirun, srun): it reports on every rank.")

  @Argument(help: "Directories to try to write into. Default: the working directory.")
  var directories: [String] = []

  func run() throws {
    let mpi = try MPIEnvironment()
    let world = Communicator.world()
    BLAS.threads = 1
    let reports = try world.gather(Array(try JSONEncoder().encode(RankReport(rank: world.rank))), root: 0)
    var healthy = true
    if world.rank == 0 {
      let ranks = try reports.map { try JSONDecoder().decode(RankReport.self, from: Data($0)) }
      let diagnosis = Diagnosis(ranks: ranks, directories: directories.isEmpty ? ["."] : directories)
      Terminal.print(diagnosis.text)
      healthy = diagnosis.warnings.isEmpty
    }
    try mpi.finalize()
    if !healthy { throw ExitCode(1) }
  }
}

/// What one rank knows of itself.
struct RankReport: Codable {
  var rank: Int
  var host: String
  var processors: String
  var blasCore: String
  var blasThreads: Int
  var vectorLevel: String
  var mathLibrary: String

  init(rank: Int) {
    self.rank = rank
    host = ProcessInfo.processInfo.hostName
    processors = Self.allowedProcessors
    blasCore = BLAS.coreName
    blasThreads = BLAS.threads
    vectorLevel = VectorKernels.level
    mathLibrary = VectorKernels.mathLibrary
  }

  /// The processors the kernel lets this process use, as a list of ranges.
  private static var allowedProcessors: String {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
    return line.map { $0.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? "?" } ?? "?"
  }
}

/// The doctor's findings.
struct Diagnosis {
  let ranks: [RankReport]
  let directories: [String]

  var text: String {
    (facts + rankLines + directoryLines + warnings.map { "warning: \($0)" }
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
      "vectors:   \(VectorKernels.level), \(VectorKernels.mathLibrary)",
      "machine:   \(ProcessInfo.processInfo.activeProcessorCount) processors",
    ]
  }

  private var threadLevel: String { MPIEnvironment.providedThreadLevel.map { "\($0)" } ?? "unknown" }

  private var rankLines: [String] {
    let shown = ranks.prefix(8).map {
      "rank \($0.rank):    \($0.host), processors \($0.processors), BLAS kernel \($0.blasCore), \($0.blasThreads) thread"
    }
    return shown + (ranks.count > 8 ? ["           ... and \(ranks.count - 8) more"] : [])
  }

  private var directoryLines: [String] {
    directories.map { "directory: \($0) \(isWritable($0) ? "is writable" : "cannot be written to")" }
  }

  /// What could go wrong, each with its remedy.
  var warnings: [String] {
    var found: [String] = []
    if Set(ranks.map(\.blasCore)).count > 1 {
      found.append(
        "ranks use different BLAS kernels, so bits will differ between them; set OPENBLAS_CORETYPE to one of them"
      )
    }
    if Set(ranks.map { [$0.vectorLevel, $0.mathLibrary] }).count > 1 {
      found.append(
        "ranks differ in their vector level or C library, so bits will differ between them; use nodes of one kind"
      )
    }
    if Launcher.isSplitWorld(size: ranks.count) {
      found.append("srun started several processes, but MPI sees each alone; use srun --mpi=pmix")
    }
    let perHost = Dictionary(grouping: ranks, by: \.host).mapValues(\.count)
    let processors = ProcessInfo.processInfo.activeProcessorCount
    if let crowded = perHost.first(where: { $0.value > processors }) {
      found.append("\(crowded.value) ranks share the \(processors) processors of \(crowded.key); start fewer")
    }
    found += directories.filter { !isWritable($0) }.map {
      "\($0) cannot be written to; choose another with -o"
    }
    return found
  }

  private func isWritable(_ path: String) -> Bool {
    let probe = path + "/.eos-sweep-probe-\(ProcessInfo.processInfo.processIdentifier)"
    guard FileManager.default.createFile(atPath: probe, contents: Data()) else { return false }
    try? FileManager.default.removeItem(atPath: probe)
    return true
  }
}
