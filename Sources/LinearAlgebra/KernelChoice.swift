/// Which of its kernels OpenBLAS runs, and who chose it.
///
/// The library goes by the model of the CPU. One that is newer than the library gets a kernel of 2004 from some
/// versions, and two models of one level can get kernels that round differently. So the program names the kernel, by
/// the level at which it computes, unless the user did.
public struct KernelChoice: Hashable, Sendable {
  /// Who chose.
  public enum Origin: Hashable, Sendable {
    /// The user, by this value of `OPENBLAS_CORETYPE`.
    case user(String)
    /// The program, for all CPUs of the level with this name.
    case program(level: String)
    /// The library, by the model of the CPU.
    case library
  }

  /// Who chose.
  public let origin: Origin
  /// The kernel to ask for; nil where the library has the right one or the user decided.
  let request: String?

  /// The choice of a library that has one kernel only, or hides how it chooses.
  static let ofLibrary = KernelChoice(level: .generic, current: "", requested: nil)

  /// Chooses from the level at which all is computed, the kernel that the library runs, and what the user asks
  /// for in `OPENBLAS_CORETYPE`.
  init(level: CPULevel, current: String, requested: String?) {
    if let requested {
      (origin, request) = (.user(requested), nil)
    } else if let kernel = level.blasKernel {
      (origin, request) = (.program(level: level.name), current == kernel ? nil : kernel)
    } else {
      (origin, request) = (.library, nil)
    }
  }

  /// Who chose, in words for files and reports.
  public var description: String {
    switch origin {
    case .user(let value): "the user, by OPENBLAS_CORETYPE=\(value)"
    case .program(let level): "the program, for all CPUs of \(level)"
    case .library: "the library"
    }
  }
}

/// What is wrong with the kernel in use.
public enum KernelFault: Hashable, Sendable {
  /// The CPU cannot run the kernel: the first product would end the program.
  case beyondCPU
  /// The kernel is made for less than the level at which all else is computed, and several times slower.
  case belowLevel
  /// The library does not know the kernel that was asked for, and took another.
  case unknown

  /// The fault of running `kernel` by `choice` on a CPU where all else is computed at `level`; nil where there is none.
  init?(_ kernel: String, _ choice: KernelChoice, level: CPULevel, cpu: CPULevel) {
    let needed = CPULevel(ofKernel: kernel)
    if let needed, needed > cpu {
      self = .beyondCPU
    } else if case .user(let value) = choice.origin, value.lowercased() != kernel.lowercased() {
      self = .unknown
    } else if let needed, needed < level {
      self = .belowLevel
    } else {
      return nil
    }
  }
}
