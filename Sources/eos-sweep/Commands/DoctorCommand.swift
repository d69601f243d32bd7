import ArgumentParser
import Console
import Foundation
import LinearAlgebra
import MPI
import Sweep

/// The command `eos-sweep doctor`.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract:
      "Versions, launcher, affinity, memory, numeric level, BLAS kernel, file locking, writable directories.",
    discussion: "Run it the way you run sweeps (mpirun, srun): it reports on every rank.")

  @Argument(help: "Directories to try to write into. Default: the working directory.")
  var directories: [String] = []

  @OptionGroup var numeric: NumericOptions

  func run() throws {
    let mpi = try MPIStart.begin()
    let world = Communicator.world()
    guard try numeric.agree(over: world) else {
      try mpi.finalize()
      throw ExitCode(2)
    }
    BLAS.threads = 1
    let places = try RankPlaces.learn(over: world)
    let isSharing = try world.gather([places.board == nil ? 0 : 1], root: 0).map { $0 == [1] }
    let reports = try world.gather(Array(try JSONEncoder().encode(RankReport(rank: world.rank))), root: 0)
    var diagnosis: (text: String, isHealthy: Bool)?
    if world.rank == 0 {
      let ranks = try reports.map { try JSONDecoder().decode(RankReport.self, from: Data($0)) }
      let found = Diagnosis(
        ranks: ranks, memory: MemoryReport(places, isSharing: isSharing),
        directories: directories.isEmpty ? ["."] : directories)
      diagnosis = (found.text, found.warnings.isEmpty)
    }
    try mpi.finalize()
    guard let diagnosis else { return }
    try Terminal.print(diagnosis.text)
    if !diagnosis.isHealthy { throw ExitCode(1) }
  }
}
