/// Where each parameter of a model lies in the flat vector of weights.
///
/// The order is that of PyTorch's `parameters_to_vector`: layer by layer, the weight `[out, in]` or `[out, in, height,
/// width]` row-major, then the bias `[out]`.
public struct ParameterLayout: Sendable, Hashable {
  /// One parameter: a tensor and its place.
  public struct Segment: Sendable, Hashable {
    /// The name, unique in the layout, such as `layer1.weight`.
    public let name: String
    /// The extents: `[out, in]`, `[out, in, height, width]` or `[out]`.
    public let shape: [Int]
    /// The elements in the flat vector.
    public let range: Range<Int>
  }

  /// All parameters, in order and without gaps.
  public private(set) var segments: [Segment] = []

  /// Creates a layout without parameters.
  public init() {}

  /// The length of the flat vector.
  public var count: Int { segments.last?.range.upperBound ?? 0 }

  /// Adds a parameter after the last one.
  public mutating func append(_ name: String, shape: [Int]) {
    precondition(!segments.contains { $0.name == name }, "Two parameters have the name \(name).")
    segments.append(Segment(name: name, shape: shape, range: count..<count + shape.reduce(1, *)))
  }
}
