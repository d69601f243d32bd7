import Foundation

@testable import NodeMemory

/// Another process that has a board open; killed with this object.
final class Probe {
  private let process = Process()
  private let output = Pipe()

  /// Starts it: `make` makes a thing or reads it, `hang` stays in the middle of making it.
  init(_ mode: String, _ board: NodeBoard, key: String, byteCount: Int = 1 << 20) throws {
    let address = String(decoding: try JSONEncoder().encode(board.address), as: UTF8.self)
    process.executableURL = try Self.executable
    process.arguments = [mode, address, key, "\(byteCount)"]
    process.standardOutput = output
    try process.run()
  }

  deinit { kill() }

  /// The next line that it says; nil after its end.
  func line() -> String? {
    var bytes: [UInt8] = []
    while let byte = try? output.fileHandleForReading.read(upToCount: 1)?.first {
      if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
    return nil
  }

  func kill() {
    _ = Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Beside the tests themselves.
  private static var executable: URL {
    get throws {
      guard let bundle = CommandLine.arguments.first(where: { $0.contains(".xctest") }),
        let end = bundle.range(of: ".xctest")
      else { throw CocoaError(.fileNoSuchFile) }
      return URL(filePath: String(bundle[..<end.upperBound])).deletingLastPathComponent()
        .appending(path: "board-probe")
    }
  }
}

extension NodeBoard {
  /// The bytes of memory that it takes.
  var residentBytes: Int {
    var status = stat()
    guard let address, unsafe fstat(address.descriptor, &status) == 0 else { return -1 }
    return Int(status.st_blocks) * 512
  }
}
