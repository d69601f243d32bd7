internal import CVectorKernels
internal import Glibc
internal import Synchronization

/// The level at which everything is computed, vector loops and matrix products alike: one for the whole process, chosen
/// once, before the first number.
///
/// It decides bits: two machines that compute at one level get the same ones.
public enum NumericLevel {
  /// The environment variable that asks for a level by its name.
  public static let variable = "EOS_SWEEP_NUMERIC_LEVEL"

  /// The newest level that this machine has.
  public static let best = CPULevel(rawValue: Int(vk_cpu_level())) ?? .generic

  /// The levels that this machine has, the newest last.
  public static var available: [CPULevel] {
    best == .generic ? [.generic] : CPULevel.allCases.filter { $0 > .generic && $0 <= best }
  }

  /// The level in use: what was chosen, what the variable asks for, or the best.
  public static let current: CPULevel = request.withLock { $0 } ?? requestOfEnvironment ?? best

  /// Chooses a level that the machine has; nothing may have been computed yet.
  public static func choose(_ level: CPULevel) {
    precondition(available.contains(level), "this machine cannot compute at \(level.name)")
    request.withLock { $0 = level }
    precondition(current == level, "the level is chosen too late: numbers were computed at \(current.name)")
  }

  /// The value of the variable; nil where it is unset or empty.
  public static var textOfEnvironment: String? {
    unsafe getenv(variable).map { unsafe String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
  }

  private static var requestOfEnvironment: CPULevel? {
    guard let text = textOfEnvironment else { return nil }
    guard let level = CPULevel(named: text), available.contains(level) else {
      preconditionFailure("\(variable)=\(text): this machine has no such level")
    }
    return level
  }

  private static let request = Mutex<CPULevel?>(nil)
}
