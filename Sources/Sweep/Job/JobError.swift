// What is wrong with a job file: every problem found in one pass, each with its place and a remedy.

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
  /// One thing that is wrong, and what to do about it.
  public struct Problem: Hashable, Sendable, CustomStringConvertible {
    /// The job file as the user named it.
    public var file: String
    /// The line or override it stands in.
    public var place: Place
    /// The dotted key it is about, if it is about one.
    public var key: String?
    /// What is wrong.
    public var sentence: String
    /// What to do about it.
    public var remedy: String

    /// One line: place, key, what is wrong, remedy.
    public var description: String {
      let about = key.map { "key '\($0)': " } ?? ""
      return "\(position): \(about)\(sentence); \(remedy)"
    }

    private var position: String {
      switch place {
      case .line(let line): "\(file):\(line)"
      case .override(let text): "--set \(text)"
      case .whole: file
      }
    }
  }

  /// The problems, in the order of the file.
  public let problems: [Problem]

  /// One line per problem.
  public var description: String {
    problems.map(\.description).joined(separator: "\n")
  }
}

/// Collects problems while a job is read, each only once.
struct ProblemLog {
  let file: String
  private(set) var problems: [JobError.Problem] = []
  private var seen: Set<JobError.Problem> = []

  init(file: String) {
    self.file = file
  }

  mutating func report(_ sentence: String, remedy: String, key: String? = nil, at place: Place) {
    let problem = JobError.Problem(file: file, place: place, key: key, sentence: sentence, remedy: remedy)
    if seen.insert(problem).inserted { problems.append(problem) }
  }

  /// Throws everything collected so far, if anything was.
  func throwIfAny() throws(JobError) {
    if !problems.isEmpty { throw JobError(problems: problems) }
  }
}
