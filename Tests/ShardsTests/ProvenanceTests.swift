import Foundation
import Testing

@testable import Shards

@Suite struct ProvenanceTests {
  @Test func survivesJSON() throws {
    var whole = Provenance.sample
    whole.vectorLevel = "x86-64-v3"
    #expect(try JSONDecoder().decode(Provenance.self, from: Data(whole.json.utf8)) == whole)
  }

  /// As version 0.1.0 wrote it before it knew of `vectorLevel`, and still had `seeds`.
  @Test func olderOnesAreRead() throws {
    let old = """
      {"blasCore":"Haswell","blasLibrary":"","commandLine":"","gitCommit":"","gitDirty":false,"hdf5Library":"",
      "host":"","mpiLibrary":"","ranks":2,"seeds":"","slurm":{},"startedAt":"","threadsPerRank":1,"version":"0.1.0"}
      """
    let read = try JSONDecoder().decode(Provenance.self, from: Data(old.utf8))
    #expect(read == Provenance(version: "0.1.0", ranks: 2, blasCore: "Haswell"))
  }
}
