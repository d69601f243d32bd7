import Foundation

/// What the environment tells of the launcher that started this process, without starting MPI.
enum Launcher {
  private static let rankVariables = ["OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK", "SLURM_PROCID"]

  /// This process's rank as the launcher numbers it; 0 without one.
  static var rank: Int { firstInteger(rankVariables) ?? 0 }

  /// Commands that only read files print on one rank.
  static var isFirstRank: Bool { rank == 0 }

  /// The launcher, as far as the environment gives it away.
  static var name: String {
    let environment = ProcessInfo.processInfo.environment
    if environment["OMPI_COMM_WORLD_SIZE"] != nil { return "mpirun" }
    return environment["SLURM_PROCID"] != nil ? "srun" : "none (started directly)"
  }

  /// The number of processes `srun` started, when it was `srun`.
  static var slurmTasks: Int? { firstInteger(["SLURM_STEP_NUM_TASKS", "SLURM_NTASKS"]) }

  /// Whether `srun` started several processes that MPI sees as several worlds of one rank each.
  static func isSplitWorld(size: Int) -> Bool {
    size == 1 && ProcessInfo.processInfo.environment["SLURM_PROCID"] != nil
      && ProcessInfo.processInfo.environment["OMPI_COMM_WORLD_SIZE"] == nil && (slurmTasks ?? 1) > 1
  }

  private static func firstInteger(_ names: [String]) -> Int? {
    let environment = ProcessInfo.processInfo.environment
    return names.lazy.compactMap { environment[$0].flatMap { Int($0) } }.first
  }
}
