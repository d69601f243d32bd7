internal import Files
internal import HDF5
public import Problems

/// What stands at the place of a sweep file, for those who would replace it.
public enum SweepFileOrigin: Hashable, Sendable {
  /// Nothing.
  case nothing
  /// A sweep file, with the text of its job.
  case sweep(yaml: String)
  /// A sweep file whose bytes do not match its seal.
  case damaged
  /// Anything else.
  case other

  private static let signature: [UInt8] = [0x89] + Array("HDF\r\n\u{1A}\n".utf8)

  /// Whether a file has a seal, and its bytes do not match it.
  private static func isDamaged(_ path: String) throws(Problem) -> Bool {
    do throws(Problem) {
      _ = try Seal.isPresent(path)
      return false
    } catch {
      if error.systemError != nil { throw error }
      return true
    }
  }

  /// Looks at a file; its seal is compared first.
  ///
  /// - Throws: A problem where it may not be read, or where there is no file but a directory, a device or a link to
  ///   nothing.
  public static func of(_ path: String) throws(Problem) -> SweepFileOrigin {
    try AtomicFile.requireReplaceable(path)
    guard try FileKind.of(path) == .regular else { return .nothing }
    guard try FileContents.beginning(of: path, count: signature.count) == signature else { return .other }
    if try isDamaged(path) { return .damaged }
    do throws(HDF5Error) {
      let file = try File(opening: path)
      guard try FileHeader.version(of: file.root) != nil else { return .other }
      return .sweep(yaml: (try? file.root.stringAttribute("sweep_yaml")) ?? "")
    } catch {
      if error.systemError != nil { throw Problem(error) }
      return .other
    }
  }
}
