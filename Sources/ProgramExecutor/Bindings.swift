public import LinearAlgebra
internal import TensorProgram

/// What the inputs and outputs of an executable are bound to.
///
/// Bind once, and change the contents of the vectors between runs.
@safe public final class Bindings<Scalar: RealScalar> {
  /// What runs with these bindings.
  public let executable: Executable<Scalar>
  /// The address of every value.
  let addresses: UnsafeMutablePointer<UnsafeMutableRawPointer>
  /// What is bound, inputs before outputs: keeps the vectors alive.
  private var bound: [VectorSlice<Scalar>?]
  private var unboundCount: Int

  init(_ executable: Executable<Scalar>, arena: UnsafeMutableRawPointer) {
    self.executable = executable
    unsafe addresses = .allocate(capacity: executable.counts.count)
    for (value, offset) in executable.offsets.enumerated() {
      unsafe (addresses + value).initialize(to: arena + offset)
    }
    unboundCount = executable.program.inputs.count + executable.program.outputs.count
    bound = Array(repeating: nil, count: unboundCount)
  }

  deinit { unsafe addresses.deallocate() }

  /// Whether every input and output is bound.
  public var isComplete: Bool { unboundCount == 0 }

  /// Says where input number `index` of the program is read.
  public func bind(input index: Int, to slice: VectorSlice<Scalar>) {
    bind(.input(index), name: executable.program.inputs[index].name, slice)
    for output in bound[executable.program.inputs.count...] { requireDisjoint(slice, output) }
    setBound(index, slice)
  }

  /// Says where output number `index` of the program is written; it must not overlap anything else bound.
  public func bind(output index: Int, to slice: VectorSlice<Scalar>) {
    let position = executable.program.inputs.count + index
    bind(.output(index), name: executable.program.outputs[index].name, slice)
    for (other, port) in bound.enumerated() where other != position { requireDisjoint(slice, port) }
    setBound(position, slice)
  }

  private func bind(_ place: Storage, name: String, _ slice: VectorSlice<Scalar>) {
    guard let value = executable.storage.firstIndex(of: place) else {
      preconditionFailure("\(executable.program.name) has no \(place)")
    }
    precondition(
      slice.count == executable.counts[value],
      "\(name) of \(executable.program.name) has \(executable.counts[value]) elements, not \(slice.count)")
    unsafe addresses[value] = UnsafeMutableRawPointer(slice.base)
  }

  private func setBound(_ position: Int, _ slice: VectorSlice<Scalar>) {
    if bound[position] == nil { unboundCount -= 1 }
    bound[position] = slice
  }

  private func requireDisjoint(_ slice: VectorSlice<Scalar>, _ other: VectorSlice<Scalar>?) {
    guard let other, other.vector === slice.vector else { return }
    precondition(
      !other.range.overlaps(slice.range), "an output of \(executable.program.name) overlaps another port")
  }
}
