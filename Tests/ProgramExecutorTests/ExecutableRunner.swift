import LinearAlgebra
import ProgramExecutor
import TensorProgram
import Testing

/// The scalar kind of a program for `Scalar`.
func kind<Scalar: RealScalar>(_: Scalar.Type) -> ScalarKind { Scalar.choose(float: .float, double: .double) }

/// Normal numbers for every input of a program.
func arguments<Scalar: RealScalar>(for program: Program, _: Scalar.Type) -> [Vector<Scalar>] {
  program.inputs.indices.map { index in
    let vector = Vector<Scalar>(count: program.type(of: program.inputs[index].value).count)
    Philox(seed: UInt64(index), stream: .data).fillNormal(vector.all)
    return vector
  }
}

/// Runs a program and returns its outputs; memory of outputs is full of NaN before.
func run<Scalar: RealScalar>(_ program: Program, _ arguments: [Vector<Scalar>]) throws -> [[Scalar]] {
  let bindings = try Executable<Scalar>(program).makeBindings()
  for (index, argument) in arguments.enumerated() { bindings.bind(input: index, to: argument.all) }
  let outputs = program.outputs.map { Vector<Scalar>(count: program.type(of: $0.value).count) }
  for (index, output) in outputs.enumerated() {
    output.fill(.nan)
    bindings.bind(output: index, to: output.all)
  }
  bindings.executable.run(bindings)
  return outputs.map(\.array)
}

/// Checks that a program gives what the slow reference gives, up to rounding.
func expectReferenceValues<Scalar: RealScalar>(_ program: Program, _: Scalar.Type) throws {
  let arguments = arguments(for: program, Scalar.self)
  let results = try run(program, arguments)
  let expected = program.evaluate(arguments.map { $0.array.map(Double.init) })
  let tolerance = Scalar.choose(float: 2e-5, double: 1e-13)
  for (index, values) in expected.enumerated() {
    let largest = values.reduce(1) { max($0, abs($1)) }
    let agree = zip(results[index], values).allSatisfy { abs(Double($0) - $1) <= tolerance * largest }
    #expect(agree, "output \(program.outputs[index].name) of\n\(program)")
  }
}
