/// Where the values of a program lie in one block of memory, by liveness.
///
/// Memory is used again as soon as its value has been used for the last time, or already by the step that
/// does so where it works in place.
struct MemoryPlan {
  /// The offset in bytes of every value that lives in the arena.
  private(set) var offsets: [Int: Int] = [:]
  /// The number of bytes of the arena.
  private(set) var byteCount = 0

  /// What is in use, by offset.
  private var live: [(offset: Int, end: Int, value: Int)] = []

  init(_ steps: [Step], counts: [Int], storage: [Storage], stride: Int) {
    var lastUses: [Int: Int] = [:]
    for (index, step) in steps.enumerated() {
      for value in [step.left, step.right, step.result] { lastUses[value] = index }
    }
    for (index, step) in steps.enumerated() {
      if storage[step.result] == .arena {
        let replaceable = [step.left, step.right].first {
          lastUses[$0] == index && offsets[$0] != nil && counts[$0] == step.count
        }
        if step.kernel.worksInPlace, let replaceable {
          inherit(replaceable, step.result)
        } else {
          place(step.result, bytes: step.count * stride)
        }
      }
      live.removeAll { lastUses[$0.value] == index }
    }
  }

  /// Takes the lowest gap that is large enough; blocks start at cache lines.
  private mutating func place(_ value: Int, bytes: Int) {
    let size = (bytes + 63) / 64 * 64
    var (offset, index) = (0, 0)
    while index < live.count && live[index].offset < offset + size {
      offset = live[index].end
      index += 1
    }
    live.insert((offset, offset + size, value), at: index)
    offsets[value] = offset
    byteCount = max(byteCount, offset + size)
  }

  private mutating func inherit(_ old: Int, _ new: Int) {
    for index in live.indices where live[index].value == old { live[index].value = new }
    offsets[new] = offsets[old]
  }
}
