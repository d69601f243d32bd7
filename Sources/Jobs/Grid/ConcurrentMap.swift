internal import Foundation
internal import Synchronization

extension Array where Element: Sendable {
  /// What a function makes of every element, in order, computed on all processors that the process may use.
  ///
  /// For large grids, whose runs are looked at one by one.
  package func concurrentMap<Result: Sendable>(_ transform: @Sendable (Element) -> Result) -> [Result] {
    concurrentParts { $0.map(transform) }
  }

  /// The same, where a function makes something of a sequence of elements, one of each.
  func concurrentParts<Result: Sendable>(_ transform: @Sendable (ArraySlice<Element>) -> [Result]) -> [Result]
  {
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
