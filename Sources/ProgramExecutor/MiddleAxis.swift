/// One axis that is repeated or summed, with the extents outside and inside of it taken together.
///
/// Every broadcast and every sum is a sequence of such steps, usually one.
struct MiddleAxis: Hashable {
  /// The product of the extents before the axis.
  var outer: Int
  /// The extent of the axis.
  var extent: Int
  /// The product of the extents after the axis.
  var inner: Int

  /// The steps that sum an array of `shape` over `axes`, the innermost axes first: their elements are neighbours.
  static func summing(shape: [Int], axes: [Int]) -> [MiddleAxis] {
    var runs = runs(shape: shape, marked: axes)
    var steps: [MiddleAxis] = []
    while let last = runs.lastIndex(where: \.isMarked) {
      steps.append(
        MiddleAxis(
          outer: runs[..<last].reduce(1) { $0 * $1.extent }, extent: runs[last].extent,
          inner: runs[(last + 1)...].reduce(1) { $0 * $1.extent }))
      runs.remove(at: last)
    }
    return steps
  }

  /// The steps that repeat an array to `shape`, where `axes` are those that it has already.
  static func repeating(shape: [Int], axes: [Int]) -> [MiddleAxis] {
    summing(shape: shape, axes: shape.indices.filter { !axes.contains($0) }).reversed()
  }

  /// Neighbouring axes that are all marked or all not, taken together; axes of extent 1 do not count.
  private static func runs(shape: [Int], marked: [Int]) -> [(extent: Int, isMarked: Bool)] {
    var runs: [(extent: Int, isMarked: Bool)] = []
    for (axis, extent) in shape.enumerated() where extent != 1 {
      let isMarked = marked.contains(axis)
      if let last = runs.last, last.isMarked == isMarked {
        runs[runs.count - 1].extent *= extent
      } else {
        runs.append((extent, isMarked))
      }
    }
    return runs
  }
}
