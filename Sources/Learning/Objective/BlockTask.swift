import LinearAlgebra
import ProgramExecutor
import TensorProgram

/// One program ready to run on one block: its executable, and bindings of which only the flat vectors change.
struct BlockTask<Scalar: RealScalar> {
  let executable: Executable<Scalar>
  let bindings: Bindings<Scalar>
  /// For each input that is a part of a flat vector: its index, and the part.
  private let segments: [(input: Int, range: Range<Int>)]

  /// Prepares a program whose inputs named as in the layout are parts of a flat vector.
  init(_ executable: Executable<Scalar>, layout: ParameterLayout) {
    self.executable = executable
    bindings = executable.makeBindings()
    segments = layout.segments.compactMap { segment in
      executable.program.inputs.firstIndex { $0.name == segment.name }.map { ($0, segment.range) }
    }
  }

  /// Binds the inputs that are parts of a flat vector: weights, or a tangent of them.
  func bind(flat vector: Vector<Scalar>) {
    for (input, range) in segments { bindings.bind(input: input, to: vector.slice(range)) }
  }

  /// Binds the outputs named as in the layout to the parts of a flat vector, which begins at an element of a longer one.
  func bindOutputs(flat vector: Vector<Scalar>, layout: ParameterLayout, from start: Int = 0) {
    for segment in layout.segments {
      let range = start + segment.range.lowerBound..<start + segment.range.upperBound
      bind(output: segment.name, to: vector.slice(range))
    }
  }

  /// Binds an input, if the program has it.
  func bind(input name: String, to slice: VectorSlice<Scalar>) {
    guard let index = executable.program.inputs.firstIndex(where: { $0.name == name }) else { return }
    bindings.bind(input: index, to: slice)
  }

  /// Binds an output, if the program has it.
  func bind(output name: String, to slice: VectorSlice<Scalar>) {
    guard let index = executable.program.outputs.firstIndex(where: { $0.name == name }) else { return }
    bindings.bind(output: index, to: slice)
  }

  func run() { executable.run(bindings) }
}
