internal import CHDF5

/// A block of a dataset: on every axis, `count` elements from `start` on.
public struct Hyperslab: Hashable, Sendable {
  /// The first index on every axis.
  public var start: [Int]
  /// The number of elements on every axis.
  public var count: [Int]

  /// Creates the block that begins at `start` and has the extents `count`.
  public init(start: [Int], count: [Int]) {
    precondition(start.count == count.count, "A hyperslab has one start and one count for every axis.")
    precondition((start + count).allSatisfy { $0 >= 0 }, "A hyperslab has no negative start or count.")
    self.start = start
    self.count = count
  }
}

/// The shape of a dataset or an attribute, with the part of it that a transfer is about.
struct Dataspace: ~Copyable {
  private let handle: Handle
  let shape: [Int]

  var id: hid_t { handle.id }

  /// Makes the space of a new dataset; the empty shape is a single value.
  init(shape: [Int], path: String) throws(HDF5Error) {
    let extents = shape.map { hsize_t($0) }
    handle = try Handle(.dataspace, "H5Screate", path) {
      guard !extents.isEmpty else { return H5Screate(H5S_SCALAR) }
      return unsafe H5Screate_simple(CInt(extents.count), extents, nil)
    }
    self.shape = shape
  }

  /// Takes over the space of something in a file.
  init(_ operation: String, path: String, _ open: () -> hid_t) throws(HDF5Error) {
    let handle = try Handle(.dataspace, operation, path, open)
    let rank = try call("H5Sget_simple_extent_ndims", path) { H5Sget_simple_extent_ndims(handle.id) }
    var extents = [hsize_t](repeating: 0, count: Int(rank))
    _ = try call("H5Sget_simple_extent_dims", path) {
      unsafe H5Sget_simple_extent_dims(handle.id, &extents, nil)
    }
    shape = extents.map { Int($0) }
    self.handle = handle
  }

  /// Restricts transfers to a block.
  borrowing func select(_ block: Hyperslab) throws(HDF5Error) {
    precondition(
      block.count.count == shape.count,
      "A hyperslab of \(block.count.count) axes does not fit \(handle.path), which has \(shape.count).")
    guard !shape.isEmpty else { return }
    let (start, count) = (block.start.map { hsize_t($0) }, block.count.map { hsize_t($0) })
    _ = try call("H5Sselect_hyperslab", handle.path) {
      unsafe H5Sselect_hyperslab(handle.id, H5S_SELECT_SET, start, nil, count, nil)
    }
  }
}
