import Foundation
import Testing

@testable import LinearAlgebra

@Suite struct KernelLevelTests {
  #if arch(x86_64)
    /// The product's rounding error survives only where the loop fuses it with the addition.
    @Test func theLevelIsTheOneInUse() {
      #expect(["x86-64-v4", "x86-64-v3", "baseline"].contains(VectorKernels.level))
      let factor = 1 + 0x1p-30
      let sum = Vector<Double>([Double](repeating: -(1 + 0x1p-29), count: 9))
      sum.add(Vector<Double>([Double](repeating: factor, count: 9)), scaledBy: factor)
      #expect(sum.array == [Double](repeating: VectorKernels.level == "baseline" ? 0 : 0x1p-60, count: 9))
    }

    /// The levels of the x86-64 psABI, as far as the kernel of the system lists their features.
    @Test func theLevelIsTheHighestThatTheCPUHas() throws {
      let information = try String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
      let line = try #require(information.split(separator: "\n").first { $0.hasPrefix("flags") })
      let flags = Set(line.split(separator: " ").map(String.init))
      let third: Set = ["avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe"]
      let fourth: Set = ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]
      let expected =
        !third.isSubset(of: flags) ? "baseline" : fourth.isSubset(of: flags) ? "x86-64-v4" : "x86-64-v3"
      #expect(VectorKernels.level == expected)
    }
  #endif

  #if canImport(Glibc)
    @Test func theCLibraryTellsItsVersion() {
      #expect(VectorKernels.mathLibrary.hasPrefix("glibc 2."))
    }
  #endif
}
