import Foundation
import Glibc
import MPI

/// Starts MPI.
enum MPIStart {
  /// Starts MPI; for a process that is its whole world, in a way that needs nothing of its surroundings.
  ///
  /// Such a process needs neither the directory of `TMPDIR` nor a program on `PATH`, neither the step of SLURM it may
  /// stand in nor the mpirun that an earlier program has spoken to already; Open MPI wants all of them unless it is
  /// told. What tells it so stands in the environment for the moment of the start only.
  static func begin() throws -> MPIEnvironment {
    let environment = ProcessInfo.processInfo.environment
    let changes = Launcher.isAlone ? changes(of: environment) : [:]
    for (name, value) in changes { set(name, value) }
    defer { for name in changes.keys { set(name, environment[name]) } }
    return try MPIEnvironment()
  }

  /// For Open MPI 4.1: nothing of a launcher, no helper process, no session directory.
  private static func changes(of environment: [String: String]) -> [String: String?] {
    let launchers = ["PMIX_", "OMPI_MCA_", "SLURM_STEP_ID", "SLURM_NODELIST"]
    let names = environment.keys.filter { name in launchers.contains { name.hasPrefix($0) } }
    return Dictionary(uniqueKeysWithValues: names.map { ($0, nil) }).merging(
      ["OMPI_MCA_ess_singleton_isolated": "1", "OMPI_MCA_orte_create_session_dirs": "0"]) { $1 }
  }

  private static func set(_ name: String, _ value: String?) {
    if let value { _ = unsafe setenv(name, value, 1) } else { _ = unsafe unsetenv(name) }
  }
}
