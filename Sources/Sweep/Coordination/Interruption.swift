import Glibc
import Synchronization

/// Whether a signal has asked the sweep to stop.
///
/// The handler only sets a flag.
enum Interruption {
  private static let requested = Atomic<Bool>(false)

  /// Watches SIGINT, SIGTERM and SIGUSR1 (which SLURM sends ahead of a time limit).
  static func watch() {
    for number in [SIGINT, SIGTERM, SIGUSR1] {
      signal(number) { _ in Interruption.requested.store(true, ordering: .relaxed) }
    }
  }

  static var isRequested: Bool { requested.load(ordering: .relaxed) }
}
