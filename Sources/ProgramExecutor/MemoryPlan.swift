import LinearAlgebra

/// Where the values of a program lie in one block of memory, by liveness.
///
/// Memory is used again as soon as its value has been used for the last time, or already by the step that
/// does so where it works in place. In a group that runs tile by tile only tile-sized values come and go; the
/// others stay, because the next tile needs them again.
struct MemoryPlan<Scalar: RealScalar> {
  /// The offset in bytes of every value that lives in the arena.
  private(set) var offsets: [Int: Int] = [:]
  /// The number of bytes of the arena.
  private(set) var byteCount = 0

  private let fusion: Fusion<Scalar>
  private let lastUses: [Int: Int]
  /// What is in use, by offset.
  private var live: [(offset: Int, end: Int, value: Int)] = []

  init(_ fusion: Fusion<Scalar>) {
    self.fusion = fusion
    let uses = fusion.steps.enumerated().flatMap { index, step in step.values.map { ($0, index) } }
    lastUses = Dictionary(uses, uniquingKeysWith: max)
    for group in fusion.groups {
      if !group.isWhole { placeLasting(group) }
      for index in group.steps {
        place(
          fusion.steps[index].result,
          replacing: replaceable(at: index, among: group.isWhole ? nil : fusion.locals))
        live.removeAll { lastUses[$0.value] == index && (group.isWhole || fusion.locals.contains($0.value)) }
      }
      live.removeAll { group.steps.contains(lastUses[$0.value] ?? 0) }
    }
  }

  /// What outlives a tile has its place before the first tile: results, and the sums of reductions.
  private mutating func placeLasting(_ group: StepGroup) {
    for index in group.steps {
      let step = fusion.steps[index]
      if !fusion.locals.contains(step.result.value) {
        place(step.result, replacing: replaceable(at: index, in: group))
      }
      if case .accumulateRows = step.kernel { place(step.right, replacing: nil) }
    }
  }

  private mutating func place(_ operand: Operand, replacing old: Int?) {
    let value = operand.value
    guard fusion.storage[value] == .arena, offsets[value] == nil else { return }
    if let old {
      for index in live.indices where live[index].value == old { live[index].value = value }
      offsets[value] = offsets[old]
    } else {
      place(value, bytes: fusion.counts[value] * MemoryLayout<Scalar>.stride)
    }
  }

  /// An operand of a step that ends there and whose place the result can take: any, or one of `candidates`.
  ///
  /// In a tiled group a row may be as long as a tile, but every tile needs it.
  private func replaceable(at index: Int, among candidates: Set<Int>?) -> Int? {
    let step = fusion.steps[index], count = fusion.counts[step.result.value]
    guard step.kernel.worksInPlace else { return nil }
    return [step.left.value, step.right.value].first {
      lastUses[$0] == index && isLive($0) && fusion.counts[$0] == count
        && candidates?.contains($0) != false
    }
  }

  /// A value that ends in a group, at a step or before it, and lies in every tile where the result would.
  private func replaceable(at index: Int, in group: StepGroup) -> Int? {
    let result = fusion.steps[index].result
    let steps = fusion.steps[group.steps]
    let operands = steps.flatMap { [$0.left, $0.right] }
    return operands.lazy.map(\.value).first { value in
      guard let last = lastUses[value], isLive(value), result.movesAlong else { return false }
      return (last < index || last == index && fusion.steps[index].kernel.worksInPlace)
        && operands.allSatisfy { $0.value != value || $0.movesLike(result) }
        && fusion.counts[value] == fusion.counts[result.value]
    }
  }

  private func isLive(_ value: Int) -> Bool { live.contains { $0.value == value } }

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
}

extension Operand {
  /// Whether every tile has elements of its own.
  fileprivate var movesAlong: Bool { rowStride != 0 && columnStride != 0 }

  fileprivate func movesLike(_ other: Operand) -> Bool {
    rowStride == other.rowStride && columnStride == other.columnStride
  }
}
