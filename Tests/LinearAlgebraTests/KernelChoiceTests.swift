import Testing

@testable import LinearAlgebra

@Suite struct KernelChoiceTests {
  /// What the library runs, by itself, on CPUs of the two newest levels: old kernels for models it does not know.
  @Test(arguments: ["Prescott", "Nehalem", "Haswell", "Zen", "SkylakeX", "Cooperlake", "SapphireRapids"])
  func everyCPUOfALevelRunsOneKernel(own: String) {
    for (level, kernel) in [(CPULevel.baseline, "Prescott"), (.v3, "Haswell"), (.v4, "SkylakeX")] {
      let choice = KernelChoice(level: level, current: own, requested: nil)
      #expect((choice.request ?? own) == kernel)
      #expect(choice.origin == .program(level: level.name))
    }
  }

  @Test(arguments: CPULevel.allCases.filter { $0 != .generic })
  func noKernelIsBelowOrBeyondTheLevel(level: CPULevel) {
    for own in CPULevel.allCases.compactMap(\.blasKernel) {
      let choice = KernelChoice(level: level, current: own, requested: nil)
      #expect(KernelFault(choice.request ?? own, choice, level: level, cpu: level) == nil)
    }
  }

  @Test func otherCPUsAreLeftToTheLibrary() {
    let choice = KernelChoice(level: .generic, current: "neoversen1", requested: nil)
    #expect(choice.request == nil && choice.origin == .library)
    #expect(KernelFault("neoversen1", choice, level: .generic, cpu: .generic) == nil)
  }

  @Test func theUserHasTheLastWord() {
    let choice = KernelChoice(level: .v4, current: "Prescott", requested: "prescott")
    #expect(choice.request == nil && choice.origin == .user("prescott"))
    #expect(KernelFault("Prescott", choice, level: .v4, cpu: .v4) == .belowLevel)
    #expect(KernelFault("Prescott", choice, level: .baseline, cpu: .v4) == nil)
  }

  @Test func whatTheUserAskedForIsHeldAgainstTheCPUAndTheLibrary() {
    let beyond = KernelChoice(level: .v3, current: "SkylakeX", requested: "SkylakeX")
    #expect(KernelFault("SkylakeX", beyond, level: .v3, cpu: .v3) == .beyondCPU)
    #expect(KernelFault("SkylakeX", beyond, level: .v3, cpu: .v4) == nil)
    let unknown = KernelChoice(level: .v3, current: "Haswell", requested: "Hasswell")
    #expect(KernelFault("Haswell", unknown, level: .v3, cpu: .v3) == .unknown)
    let right = KernelChoice(level: .v3, current: "Zen", requested: "ZEN")
    #expect(KernelFault("Zen", right, level: .v3, cpu: .v3) == nil)
  }

  /// The library is asked in this very process: what it then says is what the choice says.
  @Test func theLibraryRunsWhatWasChosen() {
    if case .program(let level) = BLAS.choice.origin {
      #expect(level == NumericLevel.current.name)
      #expect(BLAS.coreName == CPULevel(named: level)?.blasKernel)
      #expect(BLAS.fault == nil)
    }
  }
}
