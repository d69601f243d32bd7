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
  #endif

  #if canImport(Glibc)
    @Test func theCLibraryTellsItsVersion() {
      #expect(VectorKernels.mathLibrary.hasPrefix("glibc 2."))
    }
  #endif
}
