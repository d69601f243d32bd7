internal import COpenBLAS

/// Matrix multiplication, and what is to know of the library that does it (OpenBLAS).
public enum BLAS {
  /// The number of threads a multiplication uses: 1 unless set, because ranks supply the parallelism.
  public static var threads: Int {
    get {
      oneThreadByDefault
      return Int(openblas_get_num_threads())
    }
    set {
      oneThreadByDefault
      openblas_set_num_threads(Int32(newValue))
    }
  }

  /// The CPU kernel in use, which decides the rounding of products: "SkylakeX", "Haswell" ...
  public static var coreName: String { unsafe String(cString: openblas_get_corename()) }

  /// Version and build options of the library.
  public static var configuration: String { unsafe String(cString: openblas_get_config()) }

  static let oneThreadByDefault: Void = openblas_set_num_threads(1)
}
