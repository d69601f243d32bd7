internal import Foundation
internal import Glibc

/// What the kernel says of a process of this machine.
public struct ProcessStatus: Sendable {
  /// Its state in one letter, as in proc(5).
  private let state: Character
  /// When it began, in the clock ticks of the machine.
  public let began: UInt64

  /// Looks at a process; nil where there is none, or it is out of sight.
  public init?(of number: Int32) {
    guard let text = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8),
      // The second field, the program's name in brackets, may itself hold blanks and brackets.
      let end = text.lastIndex(of: ")")
    else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 19, let state = fields[0].first, let began = UInt64(fields[19]) else { return nil }
    (self.state, self.began) = (state, began)
  }

  /// Whether it has ended, and only its parent has not asked for it yet.
  public var isOver: Bool { "ZX".contains(state) }

  /// The children of a process that have not been waited for; none where the kernel does not tell.
  public static func children(of number: Int32) -> [Int32] {
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(number)/task")) ?? []
    return threads.flatMap { thread in
      let text = try? String(contentsOfFile: "/proc/\(number)/task/\(thread)/children", encoding: .utf8)
      return (text ?? "").split(separator: " ").compactMap { Int32($0) }
    }
  }

  /// Whether the process with a number has ended; one that cannot be looked at counts as alive.
  public static func hasEnded(_ number: Int32) -> Bool {
    if kill(number, 0) != 0 && errno == ESRCH { return true }
    return ProcessStatus(of: number)?.isOver ?? false
  }
}
