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

  /// Throws where so many rows hold more numbers than are taken for meant.
  static func requireRoom(_ rows: Int, by width: Int, _ subject: String, _ name: String) throws(DataError) {
    let numbers = [rows, width].saturatingProduct
    guard numbers > DataConfiguration.maximumNumbers else { return }
    throw DataError(
      subject, "would make \(rows) x \(width) numbers of \(name)",
      remedy: "use fewer: at most \(DataConfiguration.maximumNumbers) numbers fit into this machine's memory")
  }

  /// Throws unless `condition` holds: the check of one key of a job file.
  static func require(
    _ condition: Bool, _ key: String, _ problem: @autoclosure () -> String, remedy: @autoclosure () -> String
  ) throws(DataError) {
    guard condition else { throw DataError(key, problem(), remedy: remedy()) }
  }
}

extension Sequence<Int> {
  /// The product of numbers that are not negative; the largest integer where it would be larger.
  var saturatingProduct: Int {
    if contains(0) { return 0 }
    return reduce(1) { product, factor in
      let (next, overflow) = product.multipliedReportingOverflow(by: factor)
      return overflow ? .max : next
    }
  }
}
