/// What a CPU can do, in the steps by which OpenBLAS has kernels.
///
/// Reference: the levels of the System V ABI for x86-64; AVX without AVX2 lies between the second and the third.
enum CPULevel: Int, Comparable, CaseIterable, Sendable {
  case baseline, v2, avx, v3, v4

  /// The level by its name; nil for a CPU of another kind.
  init?(named name: String) {
    guard let level = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = level
  }

  /// The level that a kernel of OpenBLAS needs; nil for one that is not known here.
  init?(ofKernel kernel: String) {
    guard let level = Self.allCases.last(where: { $0.kernels.contains(kernel) }) else { return nil }
    self = level
  }

  var name: String {
    switch self {
    case .baseline: "x86-64"
    case .v2: "x86-64-v2"
    case .avx: "x86-64 with AVX"
    case .v3: "x86-64-v3"
    case .v4: "x86-64-v4"
    }
  }

  /// The one kernel that runs on every CPU of the level, and rounds alike on all of them.
  ///
  /// `Cooperlake` and `SapphireRapids` round otherwise than `SkylakeX` on large products and are no faster, but need
  /// instructions that some CPUs of the level lack.
  var kernel: String { kernels[0] }

  /// The kernels of OpenBLAS that need this level.
  private var kernels: [String] {
    switch self {
    case .baseline:
      [
        "Prescott", "Core2", "Penryn", "Dunnington", "Atom", "Nano", "Athlon", "Opteron", "Opteron_SSE3",
        "Barcelona", "Bobcat", "Katmai", "Coppermine", "Northwood", "Banias",
      ]
    case .v2: ["Nehalem"]
    case .avx: ["Sandybridge", "Bulldozer", "Piledriver", "Steamroller", "Excavator"]
    case .v3: ["Haswell", "Zen"]
    case .v4: ["SkylakeX", "Cooperlake", "SapphireRapids"]
    }
  }

  static func < (left: CPULevel, right: CPULevel) -> Bool { left.rawValue < right.rawValue }
}
