// The text of a job file: UTF-8, whatever editors and shells make of it.

import Files
import Foundation
import Problems

extension JobFile {
  /// The text of a job: of a file, a pipe or standard input (`-`), or of the sweep whose `sweep.json` is named.
  static func text(ofFile path: String) throws(Problem) -> String {
    if path != "-", try FileKind.of(path) == .directory {
      throw Problem(path, "it is a directory", remedy: "name a job file, such as \(path)/sweep.yaml")
    }
    let contents = path == "-" ? try FileContents.readStandardInput() : try FileContents.readIfPresent(path)
    guard let contents else {
      throw Problem(
        path, "there is no such file", remedy: "\(UserPath.remedyWhereAbsent(path)); jobs/ holds examples")
    }
    let text = try text(contents, of: path)
    if text.allSatisfy(\.isWhitespace) {
      throw Problem(path, "it holds nothing", remedy: "write a job; jobs/ holds examples")
    }
    guard path.hasSuffix("sweep.json") else { return text }
    return (try? JSONDecoder().decode(HeldJob.self, from: Data(contents)).sweepYAML) ?? text
  }

  /// The text that bytes stand for.
  static func text(_ bytes: [UInt8], of path: String) throws(Problem) -> String {
    if let text = String(validating: bytes, as: UTF8.self), encoding(of: bytes) == nil { return text }
    if let encoding = encoding(of: bytes) {
      throw Problem(path, "it is \(encoding) text, not UTF-8 text", remedy: "save it as UTF-8")
    }
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let line = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
    throw Problem("\(path):\(line + 1)", "it is not UTF-8 text", remedy: "save it as UTF-8")
  }

  /// The encoding with two or four bytes per character that a text has by its mark, or by its zeros: jobs begin in ASCII.
  private static func encoding(of bytes: [UInt8]) -> String? {
    switch Array(bytes.prefix(4)) {
    case [0xFF, 0xFE, 0, 0], [0, 0, 0xFE, 0xFF]: return "UTF-32"
    case let first where first.starts(with: [0xFF, 0xFE]) || first.starts(with: [0xFE, 0xFF]): return "UTF-16"
    case let first where first.count == 4:
      switch first.map({ $0 == 0 }) {
      case [true, true, true, false], [false, true, true, true]: return "UTF-32"
      case [true, false, true, false], [false, true, false, true]: return "UTF-16"
      default: return nil
      }
    default: return nil
    }
  }
}

/// The part of a `sweep.json` that says what the sweep was asked for.
private struct HeldJob: Decodable {
  let sweepYAML: String
}
