internal import COpenBLAS
internal import Glibc

/// Matrix multiplication, and what is to know of the library that does it (OpenBLAS).
public enum BLAS {
  /// The number of threads a multiplication uses: 1 unless set, because ranks supply the parallelism.
  public static var threads: Int {
    get {
      prepare()
      return Int(openblas_get_num_threads())
    }
    set {
      prepare()
      openblas_set_num_threads(Int32(newValue))
    }
  }

  /// The CPU kernel in use, which decides the rounding of products: "SkylakeX", "Haswell" ...
  public static var coreName: String {
    prepare()
    return currentCore
  }

  /// Who chose the kernel: the user, the program or the library.
  public static let choice: KernelChoice = makeReady()

  /// What the user asks for in `OPENBLAS_CORETYPE` where this CPU cannot run it: the first product would end the program.
  public static var requestBeyondCPU: String? {
    guard let request, let needed = CPULevel(ofKernel: currentCore), needed > NumericLevel.best else {
      return nil
    }
    return request
  }

  /// What is wrong with the kernel in use; nil where it is the right one.
  public static var fault: KernelFault? {
    KernelFault(coreName, choice, level: NumericLevel.current, cpu: NumericLevel.best)
  }

  /// Version and build options of the library.
  public static var configuration: String {
    prepare()
    return unsafe String(cString: openblas_get_config())
  }

  /// Makes the library ready, once: its kernel is chosen, and it has one thread.
  ///
  /// Everything that calls the library calls this first, since bits must not depend on which call came first.
  static func prepare() { _ = choice }

  private static func makeReady() -> KernelChoice {
    let choice = KernelChoice(level: NumericLevel.current, current: currentCore, requested: request)
    openblas_set_num_threads(1)
    guard let kernel = choice.request else { return choice }
    _ = unsafe copenblas_choose(kernel)
    return currentCore == kernel ? choice : .ofLibrary
  }

  /// What the user asks for; nil where that is nothing.
  private static var request: String? {
    unsafe getenv("OPENBLAS_CORETYPE").map { unsafe String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  private static var currentCore: String { unsafe String(cString: openblas_get_corename()) }
}
