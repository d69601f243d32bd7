internal import Foundation
internal import Glibc
public import Problems
internal import Synchronization

/// A page that is redrawn in place on the terminal behind standard output, which is as it was before afterwards.
public struct TerminalScreen: ~Copyable {
  /// What the user or the system asks for.
  public enum Wish: Sendable {
    /// The page is to be drawn again.
    case goOn
    /// The page is to be left: by ^C, or because the terminal or the process ends.
    case leave
  }

  private static let end = Atomic<Bool>(false)
  private static let stop = Atomic<Bool>(false)

  private static let enter = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l\u{1B}[H"
  private static let restore = "\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l"

  /// Whether standard output is a terminal that pages can be drawn on.
  public static var isThere: Bool {
    let kind = ProcessInfo.processInfo.environment["TERM"] ?? ""
    return isatty(STDOUT_FILENO) == 1 && !["", "dumb"].contains(kind)
  }

  /// The room on the terminal behind standard output, and whether text on it may be coloured; without bounds, and plain,
  /// where there is no terminal.
  public static var form: PageForm {
    guard isThere else { return PageForm() }
    var size = winsize()
    let isKnown = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    let isPlain = !(ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    return PageForm(
      width: isKnown ? Int(size.ws_col) : 80, height: isKnown ? max(Int(size.ws_row), 1) : 24,
      isColoured: !isPlain)
  }

  /// Takes the terminal over: what stands on it is kept aside.
  ///
  /// - Throws: a problem where the terminal is gone.
  public init() throws(Problem) {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { _ in TerminalScreen.end.store(true, ordering: .relaxed) }
    }
    signal(SIGTSTP) { _ in TerminalScreen.stop.store(true, ordering: .relaxed) }
    // A handler at all ends the pause, so that the page is drawn again in the new size.
    signal(SIGWINCH) { _ in }
    try Terminal.print(Self.enter, terminator: "")
  }

  /// Draws lines from the top left corner on; lines that are too long are cut.
  ///
  /// - Throws: a problem where the terminal is gone.
  public borrowing func show(_ lines: [String]) throws(Problem) {
    let text = lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n")
    try Terminal.print("\u{1B}[H" + text + "\u{1B}[J", terminator: "")
  }

  /// Waits, but not when there is something to do; under ^Z the terminal is given back meanwhile.
  ///
  /// - Throws: a problem where the terminal is gone.
  public borrowing func pause(seconds: Double) throws(Problem) -> Wish {
    if !Self.end.load(ordering: .relaxed) { _ = poll(nil, 0, CInt(seconds * 1000)) }
    if Self.end.load(ordering: .relaxed) { return .leave }
    if Self.stop.exchange(false, ordering: .relaxed) {
      try Terminal.print(Self.restore, terminator: "")
      kill(getpid(), SIGSTOP)
      try Terminal.print(Self.enter, terminator: "")
    }
    return .goOn
  }

  /// Gives the terminal back as it was.
  public consuming func close() {}

  deinit { try? Terminal.print(Self.restore, terminator: "") }
}
