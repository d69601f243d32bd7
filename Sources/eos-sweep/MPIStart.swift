import Foundation
import Glibc
import MPI

/// Starts MPI.
enum MPIStart {
  /// Starts MPI; where no launcher started this process, in a way that needs nothing of its surroundings.
  ///
  /// A process alone needs neither the directory of `TMPDIR` nor a program on `PATH`, nor the step of SLURM it may stand
  /// in; Open MPI wants all three unless it is told. What is told it stands in the environment for the moment of the
  /// start only.
  static func begin() throws -> MPIEnvironment {
    let changes = Launcher.isAlone ? alone : [:]
    let environment = ProcessInfo.processInfo.environment
    for (name, value) in changes { set(name, value) }
    defer { for name in changes.keys { set(name, environment[name]) } }
    return try MPIEnvironment()
  }

  /// Open MPI 4.1: no helper process, no session directory, no direct launch by srun.
  private static let alone: [String: String?] = [
    "OMPI_MCA_ess_singleton_isolated": "1", "OMPI_MCA_orte_create_session_dirs": "0",
    "SLURM_STEP_ID": nil, "SLURM_NODELIST": nil,
  ]

  private static func set(_ name: String, _ value: String?) {
    if let value { _ = unsafe setenv(name, value, 1) } else { _ = unsafe unsetenv(name) }
  }
}
