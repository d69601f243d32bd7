import Foundation
import MPI
import Synchronization
import Testing

/// The root of all suites that call MPI.
///
/// Tests of one process run one after the other, since collectives of two tests would mix. The suites pass with any number of processes, also with the one of a plain `swift test`.
@Suite(.serialized) enum MPISuite {
  /// MPI, started at first use and ended when the process exits, since `mpirun` takes any other end for a crash.
  ///
  /// Tests run one at a time but not on the main thread.
  private static let environment = Mutex<MPIEnvironment?>(nil)
  private static let start: Void = {
    environment.withLock { $0 = try? MPIEnvironment(.serialized) }
    atexit {
      MPISuite.environment.withLock { environment in
        if let running = environment.take() { try? running.finalize() }
      }
    }
  }()

  /// All processes of the job.
  static func world() -> Communicator {
    start
    return Communicator.world()
  }
}
