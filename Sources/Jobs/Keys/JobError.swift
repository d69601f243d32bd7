// What is wrong with a job file: every problem found in one pass, each with its place and a remedy.

public import Problems

/// Where a value of a job was written.
public enum Place: Hashable, Sendable {
  /// A line of the job file, counted from 1.
  case line(Int)
  /// An override of the command line, as the user typed it (`key=value`).
  case override(String)
  /// The job as a whole.
  case whole
}

/// A job file that cannot be run, with all the problems found in it.
public struct JobError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The problems, in the order of the file; the subject of each is its place and, where it is about one, its key.
  public let problems: [Problem]

  /// One line per problem.
  public var description: String {
    problems.map(\.description).joined(separator: "\n")
  }
}

/// Collects problems while a job is read, each only once.
struct ProblemLog {
  /// The job file as the user named it.
  let file: String
  private(set) var problems: [Problem] = []
  private var seen: Set<Problem> = []

  init(file: String) {
    self.file = file
  }

  /// Reports a problem that is about a place and no key.
  mutating func report(_ sentence: String, remedy: String, at place: Place) {
    add(Problem(position(place), sentence, remedy: remedy))
  }

  /// Reports a problem whose subject is a dotted key.
  ///
  /// The sentences are ASCII, so that all other characters are the user's; they are named, since some look like others.
  mutating func report(_ problem: Problem, at place: Place) {
    let odd = "\(problem.subject) \(problem.sentence)".charactersOutsideASCII
    let names = odd.isEmpty ? "" : " (it holds \(odd.joined(separator: ", ")))"
    add(
      Problem(
        "\(position(place)): key '\(problem.subject)'", problem.sentence + names, remedy: problem.remedy,
        systemError: problem.systemError))
  }

  /// Reports what is wrong with a key.
  mutating func report(_ sentence: String, remedy: String, key: String, at place: Place) {
    report(Problem(key, sentence, remedy: remedy), at: place)
  }

  private mutating func add(_ problem: Problem) {
    if seen.insert(problem).inserted { problems.append(problem) }
  }

  private func position(_ place: Place) -> String {
    switch place {
    case .line(let line): "\(file):\(line)"
    case .override(let text): "--set \(text)"
    case .whole: file
    }
  }

  /// Throws everything collected so far, if anything was.
  func throwIfAny() throws(JobError) {
    if !problems.isEmpty { throw JobError(problems: problems) }
  }
}
