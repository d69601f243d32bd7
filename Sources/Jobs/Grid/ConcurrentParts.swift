internal import Foundation
internal import Synchronization

extension Array where Element: Sendable {
  /// What a function makes of the elements, one of each, in order, computed on all processors that the process may use.
  ///
  /// For large grids, whose runs are looked at one by one.
  func concurrentParts<Result: Sendable>(
    _ transform: @Sendable (ArraySlice<Element>) -> [Result]
  ) -> [Result] {
    let parts = Swift.min(ProcessInfo.processInfo.activeProcessorCount, 1 + count / 1000)
    guard parts > 1 else { return transform(self[...]) }
    let done = Mutex<[Int: [Result]]>([:])
    DispatchQueue.concurrentPerform(iterations: parts) { part in
      let mapped = transform(self[count * part / parts..<count * (part + 1) / parts])
      done.withLock { $0[part] = mapped }
    }
    return done.withLock { done in (0..<parts).flatMap { done[$0] ?? [] } }
  }
}
