internal import HDF5
internal import Problems

extension Problem {
  /// What went wrong in a call of the library.
  ///
  /// - Parameters:
  ///   - error: what the library said.
  ///   - subject: the file that it is about, by the name that the user knows.
  ///   - remedy: what to do where the library's own words do not tell.
  init(_ error: HDF5Error, of subject: String? = nil, remedy: String) {
    self.init(
      subject ?? error.path, "\(error.sentence) (\(error.operation))", remedy: error.remedy ?? remedy,
      systemError: error.systemError)
  }
}

/// Runs a body of HDF5 calls that read, and turns its error into a problem.
func reading<Result>(_ body: () throws(HDF5Error) -> Result) throws(Problem) -> Result {
  do { return try body() } catch {
    throw Problem(error, remedy: "restore the file, or remove it and run the sweep again")
  }
}
