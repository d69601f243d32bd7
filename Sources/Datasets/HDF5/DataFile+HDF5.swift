import Files
public import HDF5
public import Problems

extension DataFile {
  /// Opens the HDF5 file for reading.
  public func openHDF5() throws(Problem) -> File {
    try requireFile()
    do {
      return try File(opening: path)
    } catch {
      throw try formatProblem() ?? problem(error)
    }
  }

  /// What a call on the file reported.
  func problem(_ error: HDF5Error) -> Problem {
    Problem(
      key, "\(path) cannot be read: \(error.sentence)", remedy: error.remedy ?? "write the file again",
      systemError: error.systemError)
  }

  /// Does something with the file, and says what went wrong in the words of this file.
  func reading<Result: ~Copyable>(_ body: () throws(HDF5Error) -> Result) throws(Problem) -> Result {
    do {
      return try body()
    } catch {
      throw problem(error)
    }
  }

  /// What the file is, where it is none of HDF5.
  private func formatProblem() throws(Problem) -> Problem? {
    let bytes: [UInt8]
    do {
      bytes = try FileContents.readBeginning(of: path, count: 512)
    } catch {
      throw problem(error)
    }
    if bytes.isEmpty { return problem("is empty, not an HDF5 file", remedy: "write it again") }
    guard let format = FileFormat(bytes), !format.name.contains("HDF5") else { return nil }
    return problem("is \(format.name), not an HDF5 file", remedy: format.remedy)
  }
}
