import CZlib
import Files
import Glibc
import Problems

extension DataFile {
  /// The bytes of the file, unpacked if it is compressed with gzip.
  func bytes() throws(Problem) -> [UInt8] {
    try requireFile()
    errno = 0
    guard let file = unsafe gzopen(path, "rb") else {
      throw problem(Problem(path, "cannot be read", errno: errno))
    }
    // Reads plain files as they are.
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    var count: Int32 = 0
    repeat {
      count = unsafe chunk.withUnsafeMutableBytes { buffer in
        unsafe gzread(file, buffer.baseAddress, UInt32(buffer.count))
      }
      bytes += chunk.prefix(Int(max(count, 0)))
    } while count > 0
    // Closing reports a compressed stream that stops in the middle.
    guard unsafe gzclose_r(file) == Z_OK, count == 0 else {
      throw problem("is truncated or damaged", remedy: "fetch the file again")
    }
    return bytes
  }

  /// What the file is instead, where its first bytes tell: a sentence and a remedy.
  func problem(ofFormat bytes: [UInt8]) -> Problem? {
    guard let format = FileFormat(bytes) else { return nil }
    return problem("is \(format.name)", remedy: format.remedy)
  }
}
