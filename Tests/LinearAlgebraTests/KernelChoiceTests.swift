import Testing

@testable import LinearAlgebra

@Suite struct KernelChoiceTests {
  /// What the library runs, by itself, on CPUs of the two newest levels: old kernels for models it does not know.
  @Test(arguments: ["Prescott", "Nehalem", "Haswell", "Zen", "SkylakeX", "Cooperlake", "SapphireRapids"])
  func everyCPUOfALevelRunsOneKernel(own: String) {
    for (cpu, kernel) in [(CPULevel.v3, "Haswell"), (.v4, "SkylakeX")] {
      let choice = KernelChoice(cpu: cpu, current: own, requested: nil)
      #expect((choice.request ?? own) == kernel)
      #expect(choice.origin == .program(level: cpu.name))
    }
  }

  @Test(arguments: CPULevel.allCases)
  func noKernelIsBelowOrBeyondTheCPU(cpu: CPULevel) {
    for own in CPULevel.allCases.filter({ $0 <= cpu }).map(\.kernel) {
      let choice = KernelChoice(cpu: cpu, current: own, requested: nil)
      #expect(KernelFault(choice.request ?? own, choice, cpu: cpu) == nil)
    }
  }

  /// Below AVX2 there are kernels for single models, as good as the level's.
  @Test func olderCPUsKeepTheKernelOfTheirModel() {
    for (cpu, own) in [(CPULevel.avx, "Piledriver"), (.baseline, "Core2"), (.v2, "Nehalem")] {
      let choice = KernelChoice(cpu: cpu, current: own, requested: nil)
      #expect(choice.request == nil && choice.origin == .library)
    }
    #expect(KernelChoice(cpu: .v2, current: "Prescott", requested: nil).request == "Nehalem")
  }

  @Test func otherCPUsAreLeftToTheLibrary() {
    let choice = KernelChoice(cpu: nil, current: "neoversen1", requested: nil)
    #expect(choice.request == nil && choice.origin == .library)
    #expect(KernelFault("neoversen1", choice, cpu: nil) == nil)
  }

  @Test func theUserHasTheLastWord() {
    let choice = KernelChoice(cpu: .v4, current: "Prescott", requested: "prescott")
    #expect(choice.request == nil && choice.origin == .user("prescott"))
    #expect(KernelFault("Prescott", choice, cpu: .v4) == .belowCPU)
    let empty = KernelChoice(cpu: .v4, current: "Prescott", requested: "")
    #expect(empty.request == "SkylakeX")
  }

  @Test func whatTheUserAskedForIsHeldAgainstTheCPUAndTheLibrary() {
    let beyond = KernelChoice(cpu: .v3, current: "SkylakeX", requested: "SkylakeX")
    #expect(KernelFault("SkylakeX", beyond, cpu: .v3) == .beyondCPU)
    let unknown = KernelChoice(cpu: .v3, current: "Haswell", requested: "Hasswell")
    #expect(KernelFault("Haswell", unknown, cpu: .v3) == .unknown)
    let right = KernelChoice(cpu: .v3, current: "Zen", requested: "ZEN")
    #expect(KernelFault("Zen", right, cpu: .v3) == nil)
  }

  /// The library is asked in this very process: what it then says is what the choice says.
  @Test func theLibraryRunsWhatWasChosen() {
    if case .program(let level) = BLAS.choice.origin {
      #expect(BLAS.coreName == CPULevel(named: level)?.kernel)
      #expect(BLAS.fault == nil)
    }
  }
}
