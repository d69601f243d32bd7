import LinearAlgebra
import Problems

/// What there is to say of the kernel that the BLAS library runs.
enum KernelReport {
  /// What is wrong with the kernel, with the remedy; nil where it is the right one.
  static var complaint: String? {
    guard let fault = BLAS.fault else { return nil }
    let asked = if case .user(let value) = BLAS.choice.origin { "OPENBLAS_CORETYPE=\(value)" } else { "" }
    let remedy =
      asked.isEmpty
      ? "set OPENBLAS_CORETYPE=\(NumericLevel.current.blasKernel ?? "")"
      : "unset OPENBLAS_CORETYPE to have the right one"
    return switch fault {
    case .beyondCPU: "the BLAS kernel \(BLAS.coreName) has instructions that this CPU lacks; \(remedy)"
    case .belowLevel: "the BLAS kernel \(BLAS.coreName) is slower than what this CPU can do; \(remedy)"
    case .unknown: "\(asked) is no kernel of this BLAS library, which runs \(BLAS.coreName); \(remedy)"
    }
  }

  /// Refuses to compute with a kernel that the CPU cannot run, which the first product would end with a signal.
  static func requireRunnable() throws {
    guard let value = BLAS.requestBeyondCPU else { return }
    throw Problem(
      "OPENBLAS_CORETYPE=\(value)", "the kernel has instructions that this CPU lacks",
      remedy: "unset the variable, and the program chooses the right one")
  }
}
