import LinearAlgebra

/// Groups steps that run together over tiles, so that what one makes the next finds in the cache.
///
/// A step that can be cut into tiles waits until a step that cannot needs its result; then all that is waiting
/// for this one runs in as few groups as possible, and with them waiting reductions and outputs of the same
/// elements. A value that only its own group uses is no longer than a tile.
struct Fusion<Scalar: RealScalar> {
  /// The steps in order of execution.
  private(set) var steps: [Step] = []
  /// Which steps run together, in order.
  private(set) var groups: [StepGroup] = []
  /// The number of elements of every value; tiles at most for those that live within a group.
  private(set) var counts: [Int]
  /// Where every value lives.
  private(set) var storage: [Storage]

  /// Values that live within a group that runs tile by tile, and are as long as a tile.
  private(set) var locals: Set<Int> = []

  private let source: [Step]
  /// Steps that wait, in the order of the program.
  private var waiting: [Int] = []
  /// The waiting step that makes a value.
  private var makers: [Int: Int] = [:]

  init(_ lowering: Lowering<Scalar>) {
    source = lowering.steps
    counts = lowering.counts
    storage = lowering.storage
    for (index, step) in source.enumerated() {
      if step.tiling != nil {
        waiting.append(index)
        makers[step.result.value] = index
      } else {
        flush(needed(by: [index]))
        groups.append(StepGroup(step: steps.count))
        steps.append(step)
      }
    }
    flush(Set(waiting))
    cutValues()
  }

  /// The waiting steps that must run before some steps can.
  private func needed(by steps: [Int]) -> Set<Int> {
    var found: Set<Int> = [], open = steps
    while let index = open.popLast() {
      for value in [source[index].left.value, source[index].right.value] {
        if let maker = makers[value], maker != index, found.insert(maker).inserted { open.append(maker) }
      }
    }
    return found
  }

  /// Runs waiting steps, with others for which this is the best moment.
  private mutating func flush(_ needed: Set<Int>) {
    guard !needed.isEmpty else { return }
    var chosen = needed
    var touched = Set(needed.flatMap { source[$0].values })
    for index in waiting where !chosen.contains(index) && isLast(index) {
      let others = self.needed(by: [index]).union([index])
      guard
        source[index].tiling.map({ tiling in needed.contains { source[$0].tiling?.count == tiling.count } })
          == true, !touched.isDisjoint(with: others.flatMap { source[$0].values })
      else { continue }
      chosen.formUnion(others)
      touched.formUnion(others.flatMap { source[$0].values })
    }
    arrange(chosen.sorted())
    waiting.removeAll { chosen.contains($0) }
    for index in chosen { makers[source[index].result.value] = nil }
  }

  /// The number of elements of the largest tile.
  private static var tileCapacity: Int { TileSize.byteCount / MemoryLayout<Scalar>.stride }

  /// Whether a step makes nothing that waiting could keep short: a reduction or an output.
  private func isLast(_ index: Int) -> Bool {
    source[index].tiling?.reduces == true || storage[source[index].result.value] != .arena
  }

  /// Puts each step into the first group where its operands are made or known and its elements are those of
  /// the group.
  private mutating func arrange(_ indices: [Int]) {
    var chains: [Chain] = []
    var makers: [Int: (chain: Int, extent: Tiling.Extent)] = [:]
    for index in indices {
      let step = source[index]
      guard let tiling = step.tiling else { continue }
      var first = 0
      for (operand, extent) in [(step.left, tiling.left), (step.right, tiling.right)] {
        guard let maker = makers[operand.value] else { continue }
        // A sum over rows is complete only after the last tile.
        let isReady = maker.extent == extent && extent != .row
        first = max(first, isReady ? maker.chain : maker.chain + 1)
      }
      let isAlone = tiling.needsWholeRows && (tiling.columns ?? 0) > Self.tileCapacity
      let open = isAlone ? nil : chains.indices.dropFirst(first).first { chains[$0].accepts(tiling) }
      let place = open ?? chains.count
      if open == nil { chains.append(Chain(count: tiling.count, isAlone: isAlone)) }
      chains[place].append(index, tiling)
      makers[step.result.value] = (place, tiling.result)
    }
    for chain in chains { append(chain) }
  }

  private mutating func append(_ chain: Chain) {
    let columns = chain.columns ?? chain.count
    // A step alone gains nothing from tiles.
    let capacity = chain.steps.count == 1 ? chain.count : Self.tileCapacity
    let group = StepGroup(
      steps: steps.count..<steps.count + chain.steps.count, rows: chain.count / columns, columns: columns,
      capacity: capacity)
    groups.append(group)
    for index in chain.steps { steps.append(group.isWhole ? source[index] : cut(source[index], to: group)) }
  }

  /// The step with the strides by which its values go on from tile to tile.
  private mutating func cut(_ step: Step, to group: StepGroup) -> Step {
    guard let tiling = step.tiling else { return step }
    var step = step
    step.left = strided(step.left.value, tiling.left, group)
    step.right = strided(step.right.value, tiling.right, group)
    step.result = strided(step.result.value, tiling.result, group)
    if tiling.result == .row {
      let ratio = MemoryLayout<Double>.stride / MemoryLayout<Scalar>.stride
      counts.append(group.columns * ratio)
      storage.append(.arena)
      step.kernel = KernelLibrary<Scalar>.accumulateRows
      step.right = strided(counts.count - 1, .row, group)
      step.right.columnStride *= ratio
    }
    return step
  }

  private func strided(_ value: Int, _ extent: Tiling.Extent, _ group: StepGroup) -> Operand {
    let size = MemoryLayout<Scalar>.stride
    return switch extent {
    case .elements: Operand(value: value, rowStride: group.columns * size, columnStride: size)
    case .row: Operand(value: value, columnStride: size)
    case .column: Operand(value: value, rowStride: size)
    case .scalar: Operand(value: value)
    }
  }

  /// Values that one group makes and no other uses take the room of a tile.
  private mutating func cutValues() {
    var users: [Int: Set<Int>] = [:]
    for (number, group) in groups.enumerated() {
      for step in steps[group.steps] { for value in step.values { users[value, default: []].insert(number) } }
    }
    for group in groups where !group.isWhole {
      for index in group.steps {
        let value = steps[index].result.value
        guard storage[value] == .arena, users[value]?.count == 1, let tiling = steps[index].tiling,
          tiling.result != .row
        else { continue }
        counts[value] = tiling.result == .column ? group.tileRows : group.tileRows * group.tileColumns
        for other in group.steps { steps[other].keep(value) }
        locals.insert(value)
      }
    }
  }
}

extension Step {
  /// Finds a value at the same place in every tile.
  fileprivate mutating func keep(_ value: Int) {
    if left.value == value { left = Operand(value: value) }
    if right.value == value { right = Operand(value: value) }
    if result.value == value { result = Operand(value: value) }
  }
}

/// Steps that are to run together.
private struct Chain {
  var steps: [Int] = []
  let count: Int
  /// Whether rows do not fit into a tile, though the first step needs them whole.
  let isAlone: Bool
  private(set) var columns: Int?

  init(count: Int, isAlone: Bool) { (self.count, self.isAlone) = (count, isAlone) }

  func accepts(_ tiling: Tiling) -> Bool {
    !isAlone && tiling.count == count
      && (columns == nil || tiling.columns == nil || tiling.columns == columns)
  }

  mutating func append(_ step: Int, _ tiling: Tiling) {
    steps.append(step)
    columns = columns ?? tiling.columns
  }
}
