/// Why a dataset could not be read or made: which file or key, what is wrong with it, and what to do.
public struct DataError: Error, Hashable, CustomStringConvertible {
  /// The file, or the key of the job file.
  public let subject: String
  /// What is wrong.
  public let problem: String
  /// What to do about it.
  public let remedy: String

  init(_ subject: String, _ problem: String, remedy: String) {
    self.subject = subject
    self.problem = problem
    self.remedy = remedy
  }

  /// One line for the user.
  public var description: String { "\(subject) \(problem); \(remedy)" }

  /// Throws unless `condition` holds: the check of one key of a job file.
  static func require(
    _ condition: Bool, _ key: String, _ problem: @autoclosure () -> String, remedy: @autoclosure () -> String
  ) throws(DataError) {
    guard condition else { throw DataError(key, problem(), remedy: remedy()) }
  }
}
