import Foundation
import HDF5
import LinearAlgebra
import MPI
import Shards

/// Gathers where this process's numbers come from.
enum ProvenanceCollector {
  /// The provenance of a world of `ranks` processes: 1 for commands that do not start MPI.
  static func collect(ranks: Int = 1) -> Provenance {
    let environment = ProcessInfo.processInfo.environment
    return Provenance(
      version: BuildInformation.version, gitCommit: BuildInformation.commit,
      gitDirty: BuildInformation.isDirty, host: ProcessInfo.processInfo.hostName,
      commandLine: CommandLine.arguments.joined(separator: " "),
      startedAt: Date.now.formatted(.iso8601), ranks: ranks, threadsPerRank: BLAS.threads,
      mpiLibrary: MPIEnvironment.libraryVersion, hdf5Library: HDF5Library.version,
      blasLibrary: BLAS.configuration, blasCore: BLAS.coreName, blasChoice: BLAS.choice.description,
      vectorLevel: NumericLevel.current.name,
      slurm: environment.filter { slurmVariables.contains($0.key) })
  }

  private static let slurmVariables: Set<String> = [
    "SLURM_JOB_ID", "SLURM_ARRAY_JOB_ID", "SLURM_ARRAY_TASK_ID", "SLURM_JOB_NAME", "SLURM_JOB_PARTITION",
    "SLURM_JOB_NODELIST", "SLURM_RESTART_COUNT",
  ]
}
