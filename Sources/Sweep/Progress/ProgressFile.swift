internal import Files
internal import Foundation

/// Writes and reads `progress.json`.
enum ProgressFile {
  /// How many runs are listed at most.
  static let listedRuns = 200
  /// The file is never longer, whatever the number of runs and ranks.
  static let maximumBytes = 256 << 10

  /// Replaces the file of a directory; where that is not possible, the old one stays, and nobody is told: it is for
  /// people who watch, and must not stop a sweep.
  static func write(_ progress: SweepProgress, _ directory: OutputDirectory) {
    AtomicFile.offer(bytes(of: progress), to: directory.progressFile)
  }

  /// The text of the file, with as many runs as it has room for.
  static func bytes(of progress: SweepProgress) -> [UInt8] {
    var shown = progress
    var room = min(listedRuns, progress.running.count)
    while true {
      shown.running = Array(progress.running.prefix(room))
      shown.unlisted = progress.unlisted + progress.running.count - room
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      guard let text = try? encoder.encode(shown) else { return [] }
      if text.count < maximumBytes || room == 0 { return Array(text) + [UInt8(ascii: "\n")] }
      room /= 2
    }
  }

  /// What stands in a directory; nil where there is nothing that this program understands.
  static func read(_ directory: OutputDirectory) -> SweepProgress? {
    guard let bytes = try? FileContents.readIfPresent(directory.progressFile) else { return nil }
    return try? JSONDecoder().decode(SweepProgress.self, from: Data(bytes))
  }
}
