public import Problems

/// Runs as a user names them: by the id, or the unambiguous beginning of it.
public enum RunChoice {
  /// The run that a user means.
  ///
  /// - Parameters:
  ///   - name: what the user wrote.
  ///   - known: the ids that there are.
  ///   - place: the directory or file that they stand in.
  /// - Returns: the id.
  /// - Throws: a problem that names what comes close, where there is none or several.
  public static func run(_ name: String, among known: Set<String>, of place: String) throws(Problem) -> String
  {
    if name.isEmpty {
      throw Problem(
        "the run's id", "it is empty", remedy: "was a variable not set? eos-sweep plan lists the ids")
    }
    if known.contains(name) { return name }
    let matches = known.filter { $0.hasPrefix(name) }.sorted()
    if matches.count == 1 { return matches[0] }
    guard matches.isEmpty else {
      let shown = matches.prefix(5).joined(separator: ", ")
      throw Problem(
        "\(place): \(name)", "\(matches.count) runs begin so: \(shown)", remedy: "write more of the id")
    }
    let close = closest(to: name, among: known).map { "; the one that comes closest is \($0)" } ?? ""
    throw Problem(
      "\(place): \(name)", "no run begins so\(close)", remedy: "eos-sweep plan lists the ids of a job")
  }

  /// The id that begins like a name for longest.
  private static func closest(to name: String, among known: Set<String>) -> String? {
    known.map { (length: zip($0, name).prefix { $0 == $1 }.count, id: $0) }
      .filter { $0.length > 1 }
      .max { ($0.length, $1.id) < ($1.length, $0.id) }?.id
  }
}
