import Glibc
import Synchronization

/// Whether a signal has asked the sweep to stop.
///
/// The handlers only set flags.
enum Interruption {
  private static let signals = Atomic<Int>(0)
  private static let interrupts = Atomic<Int>(0)
  private static let first = Atomic<CInt>(0)

  /// Watches SIGINT, SIGTERM, SIGHUP (which a terminal that closes sends) and SIGUSR1 (which SLURM sends ahead of a time
  /// limit).
  ///
  /// What whoever started the program had it ignore stays ignored, as `nohup` wants it.
  static func watch() {
    for number in [SIGTERM, SIGHUP, SIGUSR1] where !isIgnored(number) {
      signal(number) { number in
        Interruption.note(number)
        Interruption.signals.add(1, ordering: .relaxed)
      }
    }
    guard !isIgnored(SIGINT) else { return }
    signal(SIGINT) { number in
      Interruption.note(number)
      Interruption.interrupts.add(1, ordering: .relaxed)
    }
  }

  private static func note(_ number: CInt) {
    _ = first.compareExchange(expected: 0, desired: number, ordering: .relaxed)
  }

  /// The signal that came first: whoever sent it is told from others by its name.
  static var signalName: String {
    let names = [SIGTERM: "TERM", SIGHUP: "HUP", SIGUSR1: "USR1", SIGINT: "INT"]
    return names[first.load(ordering: .relaxed)] ?? "a signal"
  }

  /// Whether the sweep is to stop, with its work saved.
  static var isRequested: Bool {
    signals.load(ordering: .relaxed) > 0 || interrupts.load(ordering: .relaxed) > 0
  }

  /// Whether the user has pressed ^C twice, and wants to wait for nothing.
  static var isInsisted: Bool { interrupts.load(ordering: .relaxed) > 1 }

  /// How often the sweep was asked to stop, as far as that matters.
  static var request: Coordinator.StopRequest { isInsisted ? .insisted : isRequested ? .once : .none }

  private static func isIgnored(_ number: CInt) -> Bool {
    var action = sigaction()
    guard unsafe sigaction(number, nil, &action) == 0 else { return false }
    return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
