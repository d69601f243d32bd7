// Another process for the tests of boards: board-probe make|hang|read ADDRESS KEY BYTES
//
// It opens the board, and makes a thing of so many bytes or reads it, says so, and stays until it is killed. With `hang` it
// stays in the middle of making it.

import Foundation
import NodeMemory

let (mode, key) = (CommandLine.arguments[1], CommandLine.arguments[3])
let address = try JSONDecoder().decode(NodeBoard.Address.self, from: Data(CommandLine.arguments[2].utf8))
let count = Int(CommandLine.arguments[4]) ?? 0

func say(_ text: String) {
  FileHandle.standardOutput.write(Data((text + "\n").utf8))
}

guard let board = NodeBoard(address) else {
  say("no board")
  exit(1)
}
let copy = try board.copy(of: key, whileWaiting: {}) { writer in
  say("making")
  unsafe writer.append([UInt8](repeating: 7, count: count).span.bytes)
  if mode == "hang" { while true { sleep(1000) } }
}
say("has \(copy?.parts.first?.byteCount ?? -1)")
while true { sleep(1000) }
