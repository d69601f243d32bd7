import CVectorKernels
import Foundation
import Testing

@testable import LinearAlgebra

/// The levels at which kernels are compiled.
///
/// `make test` runs all tests of this module and of the executor at each level that the machine has, by the variable
/// `EOS_SWEEP_NUMERIC_LEVEL`.
@Suite struct KernelLevelTests {
  /// The product's rounding error survives only where the loop fuses it with the addition.
  static func fuses(_ level: CPULevel) -> Bool {
    let factor = 1 + 0x1p-30
    let sum = Vector<Double>([Double](repeating: -(1 + 0x1p-29), count: 9))
    let factors = Vector<Double>([Double](repeating: factor, count: 9))
    unsafe Double.kernels(of: level.vectorKernels.pointee).pointee.add_scaled(
      factors.base, factor, sum.base, 9)
    return sum.array == [Double](repeating: 0x1p-60, count: 9)
  }

  @Test func theLevelIsTheOneAskedForOrTheBest() {
    let asked = ProcessInfo.processInfo.environment[NumericLevel.variable] ?? ""
    #expect(NumericLevel.current == (asked.isEmpty ? NumericLevel.best : CPULevel(named: asked)))
    let loops = unsafe NumericLevel.current.vectorKernels.pointee
    #expect(unsafe Float.kernels == loops.single && Double.kernels == loops.twofold)
    let lacking = CPULevel.allCases.filter { $0 != .generic && !NumericLevel.available.contains($0) }
    print(
      "level \(NumericLevel.current.name); this machine lacks \(lacking.map(\.name).joined(separator: ", "))")
  }

  @Test(arguments: NumericLevel.available)
  func everyLevelRunsItsOwnLoops(level: CPULevel) {
    #if arch(x86_64)
      #expect(Self.fuses(level) == (level >= .v3))
    #endif
  }

  #if arch(x86_64)
    /// The levels of the x86-64 psABI, as far as the kernel of the system lists their features.
    @Test func theBestLevelIsTheHighestThatTheCPUHas() throws {
      let information = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
      let line = try #require(information.split(separator: "\n").first { $0.hasPrefix("flags") })
      let flags = Set(line.split(separator: " ").map(String.init))
      let third: Set = ["avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe"]
      let fourth: Set = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]
      let expected: CPULevel =
        third.isSubset(of: flags)
        ? fourth.isSubset(of: flags) ? .v4 : .v3
        : flags.contains("avx") ? .avx : flags.contains("sse4_2") ? .v2 : .baseline
      #expect(NumericLevel.best == expected)
    }
  #endif

  @Test(arguments: CPULevel.allCases)
  func namesMayBeShort(level: CPULevel) {
    #expect(CPULevel(named: level.name) == level)
    #expect(CPULevel(named: String(level.name.replacing("x86-64-", with: ""))) == level)
    #expect(CPULevel(named: level.name + "x") == nil && CPULevel(named: "") == nil)
  }
}
