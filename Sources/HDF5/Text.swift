/// Fetches a name from a C function that fills a buffer and returns the length the whole name has.
@safe func text(
  _ operation: String, _ path: String, _ fetch: (UnsafeMutablePointer<CChar>?, Int) -> Int
) throws(HDF5Error) -> String {
  let length = try call(operation, path) { fetch(nil, 0) }
  var buffer = [CChar](repeating: 0, count: length + 1)
  _ = try call(operation, path) {
    unsafe buffer.withUnsafeMutableBufferPointer { unsafe fetch($0.baseAddress, $0.count) }
  }
  return String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
