import Console
import Foundation
import Glibc
import MPI

/// How ranks end that cannot end MPI together.
enum RankEnding {
  /// How long rank 0 leaves the others to hear that all is over, and they leave it to end all, in seconds.
  private static let (notice, grace) = (1.0, 5.0)

  /// Ends without a word to MPI, for whose end a dead rank may be missing.
  static func leave(exitCode: Int) -> Never {
    fflush(nil)
    _exit(CInt(exitCode))
  }

  /// Ends while a rank lives that does not answer, for which MPI would wait.
  ///
  /// Rank 0 ends all, as far as the launcher lets it.
  static func endAll(exitCode: Int, isFirst: Bool) -> Never {
    Thread.sleep(forTimeInterval: isFirst ? notice : grace)
    if isFirst { MPIEnvironment.abort(exitCode: exitCode) }
    _exit(0)
  }

  /// Ends where rank 0 is dead; the rank that has noticed it says so.
  static func leaveOrphaned(rank: Int, witness: Int) -> Never {
    if rank == witness {
      Terminal.error(
        "eos-sweep: rank 0 is dead; what was written and saved stands, and the same command again finishes the rest"
      )
    }
    _exit(1)
  }
}
