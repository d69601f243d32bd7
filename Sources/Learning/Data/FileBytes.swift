import CZlib
import Foundation
import Problems

/// The bytes of a file, unpacked if it is compressed with gzip.
func bytes(ofFile path: String) throws(Problem) -> [UInt8] {
  var isDirectory: ObjCBool = false
  guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
    throw Problem(path, "does not exist", remedy: "correct the path or fetch the file")
  }
  guard !isDirectory.boolValue else {
    throw Problem(path, "is a directory without the usual files", remedy: "correct the path or name a file")
  }
  guard let file = unsafe gzopen(path, "rb") else {
    throw Problem(path, "cannot be opened", remedy: "check its permissions")
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
    throw Problem(path, "is truncated or damaged", remedy: "fetch the file again")
  }
  return bytes
}
