public import LinearAlgebra
public import TensorProgram

/// A program made ready to run: translated to kernel calls, with its memory planned and allocated.
///
/// Intermediate values share one block of memory, so one executable runs one binding at a time.
@safe public final class Executable<Scalar: RealScalar> {
  /// What is run.
  public let program: Program
  /// The size of the memory for intermediate values and for scratch, in bytes.
  public let arenaByteCount: Int

  let counts: [Int]
  let storage: [Storage]
  /// The offset in the arena of every value that lives there, 0 for others.
  let offsets: [Int]
  private let arena: UnsafeMutableRawPointer
  /// Values that are no longer than a tile.
  let locals: Set<Int>
  let steps: UnsafeMutableBufferPointer<Step>
  let groups: UnsafeMutableBufferPointer<StepGroup>

  /// Verifies and compiles a program, all of whose values must be of `Scalar`.
  ///
  /// Products take over scales and sums (`alpha A B + C`, which rounds once less) where nothing else needs what is between.
  /// Without `foldingProducts` no bit of an output depends on which other outputs the program has.
  public init(_ program: Program, foldingProducts: Bool = true) throws(ProgramError) {
    try program.verify()
    let kind = Scalar.choose(float: ScalarKind.float, double: ScalarKind.double)
    precondition(
      program.types.allSatisfy { $0.scalar == kind },
      "\(program.name) has values that are not of \(Scalar.self)")
    let fusion = Fusion(Lowering<Scalar>(program, foldingProducts: foldingProducts))
    let plan = MemoryPlan(fusion)
    self.program = program
    counts = fusion.counts
    storage = fusion.storage
    locals = fusion.locals
    let scratch = storage.firstIndex(of: .scratch)
    arenaByteCount = plan.byteCount + (scratch.map { fusion.counts[$0] * MemoryLayout<Scalar>.stride } ?? 0)
    unsafe arena = UnsafeMutableRawPointer.allocate(byteCount: max(arenaByteCount, 64), alignment: 64)
    offsets = fusion.counts.indices.map { $0 == scratch ? plan.byteCount : plan.offsets[$0] ?? 0 }
    unsafe steps = .allocate(capacity: fusion.steps.count)
    _ = unsafe steps.initialize(from: fusion.steps)
    unsafe groups = .allocate(capacity: fusion.groups.count)
    _ = unsafe groups.initialize(from: fusion.groups)
  }

  deinit {
    unsafe arena.deallocate()
    unsafe steps.deallocate()
    unsafe groups.deallocate()
  }

  /// Makes a table of inputs and outputs, all unbound.
  public func makeBindings() -> Bindings<Scalar> { unsafe Bindings(self, arena: arena) }

  /// Computes the outputs from the inputs, all of which must be bound, without allocating anything.
  public func run(_ bindings: Bindings<Scalar>) {
    precondition(bindings.executable === self, "these bindings belong to another executable")
    precondition(bindings.isComplete, "\(program.name) has inputs or outputs that are not bound")
    let addresses = unsafe UnsafePointer(bindings.addresses)
    for index in unsafe groups.indices { unsafe run(groups[index], addresses) }
  }

  @inline(__always)
  private func run(_ group: StepGroup, _ addresses: UnsafePointer<UnsafeMutableRawPointer>) {
    if group.isWhole {
      let tile = Tile(all: group)
      for index in group.steps { unsafe steps[index].run(addresses, tile) }
    } else {
      group.forEachTile { tile in
        for index in group.steps { unsafe steps[index].run(addresses, tile) }
      }
    }
  }

  /// Runs one group alone.
  func runGroup(_ index: Int, _ bindings: Bindings<Scalar>) {
    unsafe run(groups[index], UnsafePointer(bindings.addresses))
  }
}
