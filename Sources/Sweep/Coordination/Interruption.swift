import Datasets
import Glibc
import Synchronization

/// Whether a signal has asked the sweep to stop.
///
/// The handler only sets a flag.
enum Interruption {
  private static let requested = Atomic<Bool>(false)

  /// Watches SIGINT, SIGTERM, SIGHUP (which a terminal that closes sends) and SIGUSR1 (which SLURM sends ahead of a time
  /// limit).
  ///
  /// What whoever started the program had it ignore stays ignored, as `nohup` wants it.
  static func watch() {
    for number in [SIGINT, SIGTERM, SIGHUP, SIGUSR1] where !isIgnored(number) {
      signal(number) { _ in Interruption.requested.store(true, ordering: .relaxed) }
    }
  }

  static var isRequested: Bool { requested.load(ordering: .relaxed) }

  private static func isIgnored(_ number: CInt) -> Bool {
    var action = sigaction()
    guard unsafe sigaction(number, nil, &action) == 0 else { return false }
    return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
