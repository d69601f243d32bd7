package import CVectorKernels

/// The program's own loops, at the level in use.
enum VectorKernels {
  nonisolated(unsafe) static let table = unsafe NumericLevel.current.vectorKernels.pointee
}

extension RealScalar {
  /// The loops for this type, at the level in use.
  package static var kernels: UnsafePointer<vk_kernels> { unsafe kernels(of: VectorKernels.table) }

  /// The loops for this type at a level.
  package static func kernels(of level: vk_level) -> UnsafePointer<vk_kernels> {
    unsafe choose(float: level.single, double: level.twofold)
  }
}
