/// What some bytes begin, where it is something that users take for data by mistake.
struct FileFormat: Hashable {
  /// What it is, with its article.
  let name: String
  /// What to do.
  let remedy: String

  private static let toHDF5 = "store its arrays as x and y of an HDF5 file, as jobs/README.md shows"
  private static let unpack = "unpack it, and name what it holds"

  /// Where a mark stands, and what it marks.
  private static let marks: [(offset: Int, mark: [UInt8], name: String, remedy: String)] = [
    (0, [0x89] + Array("HDF\r\n".utf8), "an HDF5 file", "write 'name: hdf5' for it"),
    (0, [0, 0, 8, 1], "an IDX file", "write 'name: idx' for it"),
    (0, [0, 0, 8, 3], "an IDX file", "write 'name: idx' for it"),
    (0, [0x93] + Array("NUMPY".utf8), "an array of NumPy (.npy)", toHDF5),
    (0, Array("PK\u{3}\u{4}".utf8), "a zip archive, as .npz and .pt files are", "unpack it, or " + toHDF5),
    (0, Array("MATLAB 5.0".utf8), "a MATLAB v5 file", "save it in MATLAB with '-v7.3', which is HDF5"),
    (0, Array("CDF".utf8), "a netCDF file of the classic kind", "convert it with 'nccopy -k nc4'"),
    (0, Array("PAR1".utf8), "a Parquet file", toHDF5),
    (
      0, Array("version https://git-lfs".utf8), "a Git LFS pointer, not the file itself", "run 'git lfs pull'"
    ),
    (0, [0x1F, 0x8B], "compressed with gzip", unpack),
    (0, Array("BZh".utf8), "compressed with bzip2", unpack),
    (0, [0xFD] + Array("7zXZ".utf8), "compressed with xz", unpack),
    (0, [0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd", unpack),
    (0, [0x89] + Array("PNG".utf8), "a picture", "put the images into an HDF5 or IDX file"),
    (0, [0xFF, 0xD8, 0xFF], "a picture", "put the images into an HDF5 or IDX file"),
    (257, Array("ustar".utf8), "a tar archive", "unpack it (tar xf), and name what it holds"),
  ]

  private init(name: String, remedy: String) {
    self.name = name
    self.remedy = remedy
  }

  /// Recognises the beginning of a file, of which 512 bytes are enough.
  init?(_ bytes: [UInt8]) {
    if let known = Self.marks.first(where: { bytes.dropFirst($0.offset).starts(with: $0.mark) }) {
      self.init(name: known.name, remedy: known.remedy)
    } else if bytes.count > 1, bytes[0] == 0x80, (2...5).contains(bytes[1]) {
      self.init(
        name: "a pickle of Python", remedy: "fetch the binary version of the data set, or " + Self.toHDF5)
    } else {
      self.init(text: bytes)
    }
  }

  /// Recognises text, and pages that a server sends in the place of a file.
  private init?(text bytes: [UInt8]) {
    let beginning = bytes.prefix(512)
    let isText = beginning.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (9...13).contains($0) }
    guard isText, !beginning.isEmpty else { return nil }
    let text = String(decoding: beginning, as: UTF8.self).lowercased().drop { $0.isWhitespace }
    if text.hasPrefix("<") {
      self.init(name: "a web page", remedy: "fetch the file again: a server sent this in its place")
    } else {
      self.init(name: "a text file", remedy: Self.toHDF5)
    }
  }
}
