import ProgramExecutor
import TensorProgram
import Testing

/// What a profile counts, against a count by hand.
@Suite struct ProfileTests {
  /// Two for each of 27 elements of a window, at 6 x 7 positions, for 5 channels of 4 images.
  private let flopsOfConvolution: Double = 45360

  /// The output, and both adjoints of its sum.
  private func convolution() throws -> Executable<Float> {
    var builder = ProgramBuilder(name: "profiled")
    let images = builder.input("images", TensorType([4, 3, 8, 9], .float))
    let weight = builder.input("weight", TensorType([5, 3, 3, 3], .float))
    let output = builder.tanh(builder.conv2d(images, weight: weight, padding: 0))
    builder.output("y", builder.sum(output, axes: [0, 1, 2, 3]))
    return try Executable(builder.build().gradient(withRespectTo: ["images", "weight"]))
  }

  @Test func convolutionsAndTheirAdjointsCountTheSameArithmetic() throws {
    let flops = try convolution().makeProfile().groups.map(\.flops).filter { $0 > 0 }
    #expect(flops == [flopsOfConvolution, flopsOfConvolution, flopsOfConvolution])
  }

  @Test func everyGroupHasALimit() throws {
    let executable = try convolution()
    var profile = executable.makeProfile()
    executable.measureLimits(&profile, budget: 1e-4)
    #expect(profile.groups.allSatisfy { ($0.limitSeconds ?? 0) > 0 })
  }
}
