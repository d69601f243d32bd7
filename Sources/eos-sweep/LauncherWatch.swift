import Foundation
import Glibc

/// Ends a rank whose launcher has died, so that it frees its core and the lock of its directory, also in the middle of a
/// long computation.
///
/// Open MPI 4.1 ends such ranks by itself two seconds later, by a thread of its own; this is for launchers that do not.
enum LauncherWatch {
  /// How often the launcher is looked for, and how long Open MPI has to end the rank itself, in seconds: a rank outlives its
  /// launcher by at most their sum.
  private static let interval = 1.0, grace = 4.0

  /// Watches the process that started this one.
  ///
  /// What is not saved when that dies is lost, as in every crash.
  static func begin() {
    let launcher = getppid()
    Thread.detachNewThread {
      while getppid() == launcher { Thread.sleep(forTimeInterval: interval) }
      Thread.sleep(forTimeInterval: grace)
      _exit(1)
    }
  }
}
