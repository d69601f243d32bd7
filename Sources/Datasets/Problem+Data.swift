package import Problems

extension Problem {
  /// Throws where so many rows hold more numbers than are taken for meant.
  package static func requireRoom(_ rows: Int, by width: Int, _ subject: String, _ name: String)
    throws(Problem)
  {
    let numbers = [rows, width].saturatingProduct
    guard numbers > DataConfiguration.maximumNumbers else { return }
    throw Problem(
      subject, "would make \(rows) x \(width) numbers of \(name)",
      remedy: "use fewer: at most \(DataConfiguration.maximumNumbers) numbers fit into this machine's memory")
  }

  /// Throws unless `condition` holds: the check of one key of a job file.
  package static func require(
    _ condition: Bool, _ key: String, _ sentence: @autoclosure () -> String,
    remedy: @autoclosure () -> String
  ) throws(Problem) {
    guard condition else { throw Problem(key, sentence(), remedy: remedy()) }
  }
}

extension Sequence<Int> {
  /// The product of numbers that are not negative; the largest integer where it would be larger.
  package var saturatingProduct: Int {
    if contains(0) { return 0 }
    return reduce(1) { product, factor in
      let (next, overflow) = product.multipliedReportingOverflow(by: factor)
      return overflow ? .max : next
    }
  }
}
