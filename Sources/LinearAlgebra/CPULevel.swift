internal import CVectorKernels

/// What a CPU can do, in the steps by which OpenBLAS and the program's own loops have kernels.
///
/// Reference: the levels of the System V ABI for x86-64; AVX without AVX2 lies between the second and the third.
public enum CPULevel: Int, Comparable, CaseIterable, Sendable {
  /// Any CPU of another kind: there is one level for all of them.
  case generic
  /// Every CPU of x86-64.
  case baseline
  /// With SSE 4.2.
  case v2
  /// With AVX.
  case avx
  /// With AVX2 and fused multiplication and addition.
  case v3
  /// With AVX-512.
  case v4

  /// The level by its name, of which `x86-64-` may be left out: "x86-64-v3" or "v3"; nil for another word.
  public init?(named name: String) {
    guard let level = Self.allCases.first(where: { $0.name == name || $0.name == "x86-64-\(name)" }) else {
      return nil
    }
    self = level
  }

  /// The level that a kernel of OpenBLAS needs; nil for one that is not known here.
  init?(ofKernel kernel: String) {
    guard let level = Self.allCases.last(where: { $0.blasKernels.contains(kernel) }) else { return nil }
    self = level
  }

  /// The name of the level, for options, files and reports.
  public var name: String {
    switch self {
    case .generic: "generic"
    case .baseline: "x86-64"
    case .v2: "x86-64-v2"
    case .avx: "x86-64-avx"
    case .v3: "x86-64-v3"
    case .v4: "x86-64-v4"
    }
  }

  /// The one kernel of OpenBLAS that runs on every CPU of the level, and rounds alike on all of them; nil where the
  /// library knows best.
  ///
  /// `Cooperlake` and `SapphireRapids` round otherwise than `SkylakeX` on large products and are no faster, but need
  /// instructions that some CPUs of the level lack.
  public var blasKernel: String? { blasKernels.first }

  /// The kernels of OpenBLAS that need this level.
  private var blasKernels: [String] {
    switch self {
    case .generic: []
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

  /// The program's own loops for this level.
  var vectorKernels: UnsafePointer<vk_level> {
    let name =
      switch self {
      case .generic, .baseline, .v2, .avx: "baseline"
      case .v3: "v3"
      case .v4: "v4"
      }
    guard let kernels = unsafe vk_level_named(name) else {
      preconditionFailure("this program was compiled without loops for \(self.name)")
    }
    return unsafe kernels
  }

  /// Whether one level is below another; comparisons make sense within one kind of CPU only.
  public static func < (left: CPULevel, right: CPULevel) -> Bool { left.rawValue < right.rawValue }
}
