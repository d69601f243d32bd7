import ArgumentParser
import Console
import Glibc
import LinearAlgebra
import MPI
import Problems
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
      RunCommand.self, PlanCommand.self, StatusCommand.self, MergeCommand.self, RetryCommand.self,
      ForgetCommand.self, VerifyCommand.self, CompareCommand.self, ShowCommand.self, EvaluateCommand.self,
      DoctorCommand.self, BenchCommand.self,
    ],
    defaultSubcommand: RunCommand.self)

  static func main() {
    holdStandardStreams()
    // A file above a limit (ulimit -f) is an error of the write, as on a full disk, and not the end of the program.
    signal(SIGXFSZ, SIG_IGN)
    do {
      try NumericOptions.checkVariable()
      var command = try parseAsRoot()
      if command is RunCommand || command is PlanCommand || command is BenchCommand {
        try KernelReport.requireRunnable()
      }
      try command.run()
    } catch {
      leave(with: error)
    }
  }

  /// Keeps files from taking the place of a standard stream that is closed, and reports from ending up in them.
  ///
  /// What is written to such a stream still fails: it is open for reading only.
  private static func holdStandardStreams() {
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) == -1 {
      _ = unsafe open("/dev/null", O_RDONLY)
    }
  }

  /// Ends the process: help and usage errors as ArgumentParser words them, all others as one sentence.
  private static func leave(with error: any Error) -> Never {
    switch exitCode(for: error) {
    case .success:
      do { try Terminal.print(fullMessage(for: error)) } catch { leave(with: error) }
      exit(withError: ExitCode.success)
    case .validationFailure:
      Terminal.error(JobOptions.remedy(for: CommandLine.arguments) ?? fullMessage(for: error))
    default:
      if let code = error as? ExitCode { exit(withError: code) }
      Terminal.error("eos-sweep: \(error)")
    }
    exit(withError: ExitCode(2))
  }
}
