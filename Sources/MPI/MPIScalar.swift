internal import CMPI

/// The numbers that vectors can be made of.
public enum MPIElement: Sendable {
  case float, double
}

/// A number that can stand in a vector that processes add up.
public protocol MPIScalar: BitwiseCopyable, Sendable {
  /// Which number this is.
  static var mpiElement: MPIElement { get }
}

extension Float: MPIScalar {
  /// Which number this is.
  public static var mpiElement: MPIElement { .float }
}

extension Double: MPIScalar {
  /// Which number this is.
  public static var mpiElement: MPIElement { .double }
}

extension MPIElement {
  var datatype: MPI_Datatype {
    switch self {
    case .float: unsafe CMPI_FLOAT()
    case .double: unsafe CMPI_DOUBLE()
    }
  }

  var stride: Int {
    switch self {
    case .float: MemoryLayout<Float>.stride
    case .double: MemoryLayout<Double>.stride
    }
  }

  /// Adds `count` numbers at `source` to those at `target`, which do not overlap.
  @unsafe func add(_ source: UnsafeMutableRawPointer, to target: UnsafeMutableRawPointer, count: Int) {
    switch self {
    case .float: unsafe addElements(Float.self, source, target, count)
    case .double: unsafe addElements(Double.self, source, target, count)
    }
  }
}

/// The loop itself, which the compiler vectorises once for each type because it is inlined above.
@inline(__always)
private func addElements<Scalar: MPIScalar & BinaryFloatingPoint>(
  _ type: Scalar.Type, _ source: UnsafeMutableRawPointer, _ target: UnsafeMutableRawPointer, _ count: Int
) {
  let source = unsafe source.assumingMemoryBound(to: Scalar.self)
  let target = unsafe target.assumingMemoryBound(to: Scalar.self)
  for index in 0..<count { unsafe target[index] += source[index] }
}
