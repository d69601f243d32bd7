internal import CHDF5

/// A step between the elements of a dataset and their bytes in the file, such as a compression.
public struct Filter: Hashable, Sendable, CustomStringConvertible {
  /// The number under which it is registered.
  public let id: Int
  /// Its name; empty where neither the file nor this package knows one.
  public let name: String

  /// Name and number, as in `lzf (filter 32000)`.
  public var description: String { name.isEmpty ? "filter \(id)" : "\(name) (filter \(id))" }

  /// Filters of the HDF Group's registry that users meet, since not every file names them.
  private static let names = [
    307: "bzip2", 32000: "lzf", 32001: "blosc", 32004: "lz4", 32008: "bitshuffle", 32013: "zfp",
    32015: "zstd",
    32017: "sz", 32018: "fcidecomp", 32019: "jpeg", 32023: "granular bitround", 32024: "sz3", 32026: "blosc2",
  ]

  init(id: Int, nameInFile: String) {
    self.id = id
    name = Self.names[id] ?? nameInFile
  }
}

extension Handle {
  /// The first filter, of these properties of a dataset, that neither the library nor a plugin knows.
  func missingFilter() throws(HDF5Error) -> Filter? {
    guard H5Pget_layout(id) == H5D_CHUNKED else { return nil }
    for index in 0..<(try call("H5Pget_nfilters", path) { H5Pget_nfilters(id) }) {
      var name = [CChar](repeating: 0, count: 256)
      var parameters = 0
      let filter = try call("H5Pget_filter2", path) {
        unsafe H5Pget_filter2(id, UInt32(index), nil, &parameters, nil, name.count, &name, nil)
      }
      guard try call("H5Zfilter_avail", path, { H5Zfilter_avail(filter) }) == 0 else { continue }
      let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      return Filter(id: Int(filter), nameInFile: text)
    }
    return nil
  }
}
