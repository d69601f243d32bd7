import Foundation
import LinearAlgebra

/// What one rank knows of itself.
struct RankReport: Codable {
  var rank: Int
  var host: String
  var processors: String
  var blasCore: String
  var blasChoice: String
  /// What is wrong with the kernel, if anything.
  var blasComplaint: String?
  var blasThreads: Int
  /// The best level that the rank's machine has.
  var bestLevel: String

  init(rank: Int) {
    self.rank = rank
    host = ProcessInfo.processInfo.hostName
    processors = Self.allowedProcessors
    blasCore = BLAS.coreName
    blasChoice = BLAS.choice.description
    blasComplaint = KernelReport.complaint
    blasThreads = BLAS.threads
    bestLevel = NumericLevel.best.name
  }

  var text: String {
    "rank \(rank):    \(host), processors \(processors), \(blasThreads) thread, BLAS kernel \(blasCore) "
      + "(chosen by \(blasChoice))"
  }

  /// The processors the kernel lets this process use, as a list of ranges.
  private static var allowedProcessors: String {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
    return line.map { $0.split(whereSeparator: \.isWhitespace).last.map(String.init) ?? "?" } ?? "?"
  }
}
