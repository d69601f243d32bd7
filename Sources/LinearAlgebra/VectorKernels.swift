internal import CVectorKernels

/// What the bits of the elementwise loops depend on besides their sources.
public enum VectorKernels {
  /// The version of the loops that this CPU runs: "x86-64-v4", "x86-64-v3" or "baseline".
  ///
  /// The first two fuse multiplications with additions, the last does not (on x86-64).
  public static var level: String { unsafe String(cString: vk_level()) }

  /// The C library, whose `log`, `cos`, `sin` and `pow` are used: "glibc 2.36"; empty for another library.
  public static var mathLibrary: String {
    let version = unsafe String(cString: vk_c_library())
    return version.isEmpty ? "" : "glibc \(version)"
  }
}
