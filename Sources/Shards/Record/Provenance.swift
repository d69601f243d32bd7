/// Where numbers come from: the program, its libraries, the command and the machine.
///
/// In a file it stands as root attributes (of the session that wrote the file) and, per run, as JSON in
/// `provenance_json` (of the session that computed the run).
public struct Provenance: Codable, Sendable, Hashable {
  /// The version of eos-sweep.
  public var version: String
  /// The git commit it was built from; empty when unknown.
  public var gitCommit: String
  /// Whether its sources differed from that commit.
  public var gitDirty: Bool
  /// The name of the machine of rank 0.
  public var host: String
  /// The command line as typed.
  public var commandLine: String
  /// When the session began, ISO 8601 in UTC.
  public var startedAt: String
  /// The number of MPI ranks.
  public var ranks: Int
  /// The number of BLAS threads per rank.
  public var threadsPerRank: Int
  /// The MPI library and its version.
  public var mpiLibrary: String
  /// The HDF5 library's version.
  public var hdf5Library: String
  /// The BLAS library, its version and configuration.
  public var blasLibrary: String
  /// The CPU kernel that BLAS runs: on it depend the bits.
  public var blasCore: String
  /// Who chose that kernel: the user, the program or the library.
  ///
  /// Nil where an older version of the program did not record it.
  public var blasChoice: String?
  /// The level at which all was computed, "x86-64-v3": on it depend the bits.
  ///
  /// Nil where an older version of the program did not record it.
  public var vectorLevel: String?
  /// The SLURM job's variables by name, such as `SLURM_JOB_ID`; empty outside SLURM.
  public var slurm: [String: String]

  /// Creates a provenance; what is not known stays empty.
  public init(
    version: String, gitCommit: String = "", gitDirty: Bool = false, host: String = "",
    commandLine: String = "",
    startedAt: String = "", ranks: Int = 1, threadsPerRank: Int = 1, mpiLibrary: String = "",
    hdf5Library: String = "", blasLibrary: String = "", blasCore: String = "",
    blasChoice: String? = nil, vectorLevel: String? = nil,
    slurm: [String: String] = [:]
  ) {
    self.version = version
    self.gitCommit = gitCommit
    self.gitDirty = gitDirty
    self.host = host
    self.commandLine = commandLine
    self.startedAt = startedAt
    self.ranks = ranks
    self.threadsPerRank = threadsPerRank
    self.mpiLibrary = mpiLibrary
    self.hdf5Library = hdf5Library
    self.blasLibrary = blasLibrary
    self.blasCore = blasCore
    self.blasChoice = blasChoice
    self.vectorLevel = vectorLevel
    self.slurm = slurm
  }
}
