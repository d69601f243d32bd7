import CBuildInfo

/// What this program was built from.
enum BuildInformation {
  /// The version of the program; CHANGELOG.md says what is in it.
  static let version = "0.1.0"

  /// The git commit, `unknown` when not built from a repository.
  static var commit: String { unsafe String(cString: eos_build_commit()) }

  /// Whether the sources differed from that commit.
  static var isDirty: Bool { eos_build_dirty() != 0 }

  static var description: String { "eos-sweep \(version) (\(commit)\(isDirty ? ", modified" : ""))" }
}
