// What the poolings share: a window over the last two axes of a tensor, all axes before them being planes.

extension SlidingWindow {
  var inputPlane: [Int] { [height, width] }
  var outputPlane: [Int] { [outputHeight, outputWidth] }
  var poolingText: String { "window: \(windowHeight) x \(windowWidth), stride: \(stride)" }

  /// Checks that there is a position, and no padding.
  func checkPooling() throws(IllTyped) {
    try check()
    guard padding == 0 else { throw IllTyped("pools without padding only") }
  }

  /// The type with its last two extents replaced.
  func pooled(_ type: TensorType, from old: [Int], to new: [Int]) throws(IllTyped) -> TensorType {
    guard type.shape.count >= 2, Array(type.shape.suffix(2)) == old else {
      throw IllTyped("needs planes of \(old) pixels, not \(type)")
    }
    return TensorType(type.shape.dropLast(2) + new, type.scalar)
  }

  /// The number of planes of an image that so many elements are, or of an output where `pooled`.
  func planes(of elements: [Double], pooled: Bool = false) -> Int {
    elements.count / (pooled ? outputPlane : inputPlane).reduce(1, *)
  }

  /// Calls `body` with the place of every output element and the places of the input elements it sees.
  func forEachPosition(planes: Int, _ body: (_ output: Int, _ seen: [Int]) -> Void) {
    for plane in 0..<planes {
      for position in 0..<outputHeight * outputWidth {
        let seen = pixels(seenFrom: position).map { plane * height * width + $0.image }
        body(plane * outputHeight * outputWidth + position, seen)
      }
    }
  }
}
