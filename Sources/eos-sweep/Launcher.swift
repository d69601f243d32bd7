import Foundation
import Glibc
import Sweep

/// What the environment says of how this process was started.
///
/// Whatever a rank starts inherits the variables, so they are no sign that this process is one of many: MPI alone says
/// so. They serve for words to the user, never to decide what a command does.
enum Launcher {
  /// The launcher, as far as the environment gives it away.
  static var name: String {
    if variable("OMPI_COMM_WORLD_SIZE") != nil { return "mpirun" }
    return variable("SLURM_STEP_ID") != nil ? "srun" : "none (started directly)"
  }

  /// Whether this process is its whole world: no launcher offers it others, or the mpirun or the step of SLURM that it
  /// belongs to started one only.
  static var isAlone: Bool {
    guard let world = variable("PMIX_NAMESPACE") else { return true }
    guard let size = integer("OMPI_COMM_WORLD_SIZE") else { return integer("SLURM_STEP_NUM_TASKS") == 1 }
    return size == 1 && world == variable("OMPI_MCA_ess_base_jobid")
  }

  /// Whether this process is the first of those that were started together, as far as its environment says; MPI need not
  /// have been started.
  static var isFirst: Bool {
    (integer("OMPI_COMM_WORLD_RANK") ?? integer("PMIX_RANK") ?? integer("SLURM_PROCID") ?? 0) == 0
  }

  /// The sign that several processes were started together that MPI, which sees a world of `size`, does not know of.
  ///
  /// A task of a farm, which is to work by itself, can look the same.
  static func splitWorld(size: Int) -> String? {
    guard size == 1, integer("OMPI_COMM_WORLD_SIZE") != 1,
      let (name, count) = sizeVariables.lazy.compactMap({ name in integer(name).map { (name, $0) } })
        .first(where: { $0.1 > 1 })
    else { return nil }
    let starter =
      name.hasPrefix("SLURM") ? "srun --mpi=pmix, or mpirun" : "the mpirun that belongs to its MPI library"
    return
      "\(count) processes were started together (\(name)=\(count)), but MPI sees this one alone, so it works by "
      + "itself; if they are to share a sweep, start them with \(starter)"
  }

  /// A word on a job of SLURM that has room for more than this one process.
  static func unusedTasks(size: Int) -> String? {
    guard size == 1, variable("SLURM_STEP_NUM_TASKS") == nil, variable("OMPI_COMM_WORLD_SIZE") == nil,
      let tasks = integer("SLURM_NTASKS"), tasks > 1
    else { return nil }
    return "the SLURM job has room for \(tasks) tasks, and this is one process; mpirun starts more"
  }

  /// What a command that computes tells the user before it starts.
  static func notes(size: Int) -> [String] {
    [splitWorld(size: size), unusedTasks(size: size), KernelReport.complaint].compactMap(\.self)
  }

  /// Variables in which launchers say how many processes they started; `SLURM_NTASKS` is none, for it is the size of
  /// the whole job and stands in its script, too.
  private static let sizeVariables = [
    "OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MPI_LOCALNRANKS", "MV2_COMM_WORLD_SIZE", "PALS_SIZE",
    "JSM_NAMESPACE_SIZE",
    "FLUX_JOB_SIZE", "SLURM_STEP_NUM_TASKS",
  ]

  /// How many processes mpirun has started on this node; nil without it.
  static var ranksOfNode: Int? { integer("OMPI_COMM_WORLD_LOCAL_SIZE") }

  /// Whether mpirun, or its daemon, is the parent of this process, and no script between them.
  static var isParent: Bool {
    let name = try? String(contentsOfFile: "/proc/\(getppid())/comm", encoding: .utf8)
    return ["mpirun", "mpiexec", "orterun", "orted"].contains(name?.trimmingCharacters(in: .newlines) ?? "")
  }

  private static func integer(_ name: String) -> Int? { variable(name).flatMap { Int($0) } }

  private static func variable(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }
}
