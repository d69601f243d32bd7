import ArgumentParser
import MPI
import Sweep

/// The program: thin commands over the libraries.
@main
struct EosSweep: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eos-sweep",
    abstract: "Trains a grid of networks and records how sharp their loss is along the way.",
    discussion: """
      Without a job file the built-in quickstart sweep runs. Use mpirun or srun to spread a sweep over many
      processes: mpirun -n 8 eos-sweep jobs/chebyshev.yaml. The same command again finishes what is left.

      Exit status: 0 all runs finished or diverged, 1 some failed, 2 bad input, 75 work left.
      """,
    version: BuildInformation.description,
    subcommands: [
      RunCommand.self, PlanCommand.self, StatusCommand.self, MergeCommand.self, VerifyCommand.self,
      CompareCommand.self, ShowCommand.self, DoctorCommand.self, BenchCommand.self,
    ],
    defaultSubcommand: RunCommand.self)

  static func main() {
    do {
      var command = try parseAsRoot()
      guard
        command is RunCommand || command is DoctorCommand || command is BenchCommand || Launcher.isFirstRank
      else { return }
      try command.run()
    } catch {
      leave(with: error)
    }
  }

  /// Ends the process: help and usage errors as ArgumentParser words them, all others as one sentence.
  private static func leave(with error: any Error) -> Never {
    switch exitCode(for: error) {
    case .success: exit(withError: error)
    case .validationFailure:
      if Launcher.isFirstRank { Terminal.error(fullMessage(for: error)) }
    default:
      if let code = error as? ExitCode { exit(withError: code) }
      if Launcher.isFirstRank { Terminal.error("eos-sweep: \(error)") }
    }
    exit(withError: ExitCode(2))
  }
}
