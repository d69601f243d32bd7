import Console
import Files
import Foundation
import Glibc
import Synchronization

/// Ends a rank where another one of its node dies before the session has begun.
///
/// MPI waits for all of them while it starts, for ever, where the launcher leaves the others alone (`mpirun --enable-recovery`).
/// Later the ranks look after each other in other ways.
enum StartWatch {
  private static let isOver = Atomic(false)
  /// How often is looked, and how long a rank may be missing, in seconds: they begin one after the other.
  private static let (interval, patience) = (0.5, 10.0)

  /// Watches the processes that mpirun has started beside this one, until `end`.
  static func begin() {
    guard let count = Launcher.ranksOfNode, count > 1, Launcher.isParent else { return }
    let launcher = getppid()
    Thread.detachNewThread {
      var missing = 0.0
      while !isOver.load(ordering: .relaxed) {
        let ranks = ProcessStatus.children(of: launcher).filter { ProcessStatus(of: $0)?.isOver == false }
        missing = ranks.count < count ? missing + interval : 0
        if missing > patience { leave(isFirst: ranks.min() == getpid()) }
        Thread.sleep(forTimeInterval: interval)
      }
    }
  }

  /// The session has begun, or is not to begin.
  static func end() { isOver.store(true, ordering: .relaxed) }

  private static func leave(isFirst: Bool) -> Never {
    if isFirst {
      Terminal.error(
        "eos-sweep: a rank died before the session had begun; nothing is lost, and the same command again begins it"
      )
      // The others are to see that somebody has said it.
      Thread.sleep(forTimeInterval: 5 * interval)
    }
    RankEnding.leave(exitCode: 75)
  }
}
