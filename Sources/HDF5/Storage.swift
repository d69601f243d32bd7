internal import CHDF5

/// How the elements of a dataset lie in the file.
public struct Storage: Hashable, Sendable {
  /// The extents of a chunk, clipped to the shape of the dataset; `nil` where all elements lie in one piece.
  public var chunk: [Int]?
  /// The effort of compression from 0 (fastest) to 9, or `nil` for none.
  public var deflate: Int?
  /// Whether bytes are sorted by significance first, so that they compress better.
  public var shuffle: Bool
  /// Whether every chunk carries a checksum, compared whenever it is read.
  public var fletcher32: Bool

  /// All elements in one piece, without filters.
  public static let contiguous = Storage(chunk: nil, deflate: nil, shuffle: false, fletcher32: false)

  /// Chunks of the given extents; by default compressed and with checksums.
  public static func chunked(
    _ chunk: [Int], deflate: Int? = 4, shuffle: Bool = true, fletcher32: Bool = true
  ) -> Storage {
    Storage(chunk: chunk, deflate: deflate, shuffle: shuffle, fletcher32: fletcher32)
  }
}

extension Storage {
  /// Writes these choices into the properties of a dataset that is to be created.
  ///
  /// Single values and datasets without elements lie in one piece always: the library has no chunks for them.
  func apply(to properties: borrowing Handle, shape: [Int]) throws(HDF5Error) {
    guard let chunk, !shape.isEmpty, !shape.contains(0) else { return }
    precondition(chunk.count == shape.count, "A chunk has as many axes as its dataset.")
    precondition(chunk.allSatisfy { $0 > 0 }, "A chunk has at least one element on every axis.")
    let (id, path) = (properties.id, properties.path)
    let extents = zip(chunk, shape).map { hsize_t(min($0, $1)) }
    _ = try call("H5Pset_chunk", path) { unsafe H5Pset_chunk(id, CInt(extents.count), extents) }
    if shuffle { _ = try call("H5Pset_shuffle", path) { H5Pset_shuffle(id) } }
    if let deflate { _ = try call("H5Pset_deflate", path) { H5Pset_deflate(id, UInt32(deflate)) } }
    if fletcher32 { _ = try call("H5Pset_fletcher32", path) { H5Pset_fletcher32(id) } }
  }

  /// Reads the choices back from the properties of a dataset.
  init(_ properties: borrowing Handle, rank: Int) throws(HDF5Error) {
    self = .contiguous
    let (id, path) = (properties.id, properties.path)
    guard H5Pget_layout(id) == H5D_CHUNKED else { return }
    var extents = [hsize_t](repeating: 0, count: rank)
    _ = try call("H5Pget_chunk", path) { unsafe H5Pget_chunk(id, CInt(rank), &extents) }
    chunk = extents.map { Int($0) }
    for index in 0..<(try call("H5Pget_nfilters", path) { H5Pget_nfilters(id) }) {
      var (parameter, parameters) = (UInt32(0), 1)
      let filter = try call("H5Pget_filter2", path) {
        unsafe H5Pget_filter2(id, UInt32(index), nil, &parameters, &parameter, 0, nil, nil)
      }
      switch filter {
      case H5Z_FILTER_DEFLATE: deflate = Int(parameter)
      case H5Z_FILTER_SHUFFLE: shuffle = true
      case H5Z_FILTER_FLETCHER32: fletcher32 = true
      default: break
      }
    }
  }
}
