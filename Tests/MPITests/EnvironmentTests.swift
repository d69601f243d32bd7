import MPI
import Testing

extension MPISuite {
  @Suite struct EnvironmentTests {
    @Test func theEnvironmentDescribesItself() {
      let world = MPISuite.world()
      #expect(MPIEnvironment.isInitialized)
      #expect(!MPIEnvironment.isFinalized)
      #expect(MPIEnvironment.providedThreadLevel.map { $0 >= .serialized } == true)
      #expect(MPIEnvironment.libraryVersion.contains { $0.isNumber })
      #expect((0..<world.size).contains(world.rank))
    }

    @Test func anErrorCarriesTheExplanationOfTheLibrary() throws {
      let world = MPISuite.world()
      let size = world.size
      let error = #expect(throws: MPIError.self) {
        try MPISuite.world().send([1], to: size, tag: 0)
      }
      #expect(error?.function == "MPI_Isend")
      #expect(error?.text.contains("rank") == true)
    }
  }
}
