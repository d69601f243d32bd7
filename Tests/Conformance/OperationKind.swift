public import TensorProgram

/// The operations of tensor programs without their parameters, for tables that must name every one.
///
/// An operation that is added does not compile here until it has a kind, and a kind fails the tables that lack it.
public enum OperationKind: String, CaseIterable, Sendable {
  case splat, matmul, add, subtract, multiply, scale, offset, broadcast, sum, reshape
  case tanh, exp, log1p, reciprocal, expm1, erf, sigmoid, softplus, clamp, within
  case convolveInput, convolveWeight, convolveOutput
  case averagePool, averagePoolAdjoint, maxPool, pickMaxima, pickMaximaAdjoint

  /// The kind of an operation.
  public init(_ operation: Operation) {
    switch operation {
    case .splat: self = .splat
    case .matmul: self = .matmul
    case .add: self = .add
    case .subtract: self = .subtract
    case .multiply: self = .multiply
    case .scale: self = .scale
    case .offset: self = .offset
    case .broadcast: self = .broadcast
    case .sum: self = .sum
    case .reshape: self = .reshape
    case .map(let function): self.init(function)
    case .convolve(_, .input): self = .convolveInput
    case .convolve(_, .weight): self = .convolveWeight
    case .convolve(_, .output): self = .convolveOutput
    case .averagePool(_, let adjoint): self = adjoint ? .averagePoolAdjoint : .averagePool
    case .maxPool: self = .maxPool
    case .pickMaxima(_, let adjoint): self = adjoint ? .pickMaximaAdjoint : .pickMaxima
    }
  }

  private init(_ function: ElementwiseFunction) {
    switch function {
    case .tanh: self = .tanh
    case .exp: self = .exp
    case .log1p: self = .log1p
    case .reciprocal: self = .reciprocal
    case .expm1: self = .expm1
    case .erf: self = .erf
    case .sigmoid: self = .sigmoid
    case .softplus: self = .softplus
    case .clamp: self = .clamp
    case .within: self = .within
    }
  }

  /// The kinds that a table of operations lacks.
  public static func missing(in operations: [Operation]) -> Set<OperationKind> {
    Set(allCases).subtracting(operations.map(OperationKind.init))
  }
}
