import TensorProgram
import Testing

/// Errors of the programmer stop the program.
@Suite struct MisuseTests {
  @Test func operandsThatDoNotFit() async {
    await #expect(processExitsWith: .failure) {
      var builder = ProgramBuilder(name: "test")
      let x = builder.input("x", TensorType([2], .double))
      let y = builder.input("y", TensorType([3], .double))
      _ = builder.add(x, y)
    }
  }

  @Test func transposingWhatIsNotLinear() async {
    await #expect(processExitsWith: .failure) {
      var builder = ProgramBuilder(name: "test")
      let x = builder.input("x", TensorType([2], .double))
      builder.output("y", builder.multiply(x, x))
      _ = builder.build().transpose(linearIn: ["x"])
    }
    await #expect(processExitsWith: .failure) {
      var builder = ProgramBuilder(name: "test")
      let x = builder.input("x", TensorType([2], .double))
      builder.output("y", builder.offset(x, by: 1))
      _ = builder.build().transpose(linearIn: ["x"])
    }
  }

  @Test func transposingAConstantOutput() async {
    await #expect(processExitsWith: .failure) {
      var builder = ProgramBuilder(name: "test")
      let x = builder.input("x", TensorType([2], .double))
      let known = builder.input("known", TensorType([2], .double))
      builder.output("y", builder.scale(x, by: 2))
      builder.output("z", known)
      _ = builder.build().transpose(linearIn: ["x"])
    }
  }

  @Test func namesThatAreNotThere() async {
    await #expect(processExitsWith: .failure) {
      var builder = ProgramBuilder(name: "test")
      let x = builder.input("x", TensorType([], .double))
      builder.output("y", builder.tanh(x))
      _ = builder.build().gradient(withRespectTo: ["w"])
    }
  }

  @Test func gradientsOfTensors() async {
    await #expect(processExitsWith: .failure) {
      var builder = ProgramBuilder(name: "test")
      let x = builder.input("x", TensorType([2], .double))
      builder.output("y", builder.tanh(x))
      _ = builder.build().gradient(withRespectTo: ["x"])
    }
  }
}
