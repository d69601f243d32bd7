internal import CMPI

/// What went wrong in an MPI call, with the library's own explanation.
public struct MPIError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The C function that was called, as in `MPI_Isend`.
  public let function: String
  /// The library's own number of the error.
  public let code: Int
  /// The number that the standard gives to errors of this kind, as in `MPI_ERR_RANK`.
  public let errorClass: Int
  /// The library's explanation.
  public let text: String

  /// One line: the failed call and the explanation.
  public var description: String { "\(function): \(text)" }

  init(function: String, code: CInt) {
    var errorClass: CInt = 0
    let isKnown = unsafe MPI_Error_class(code, &errorClass) == MPI_SUCCESS
    self.function = function
    self.code = Int(code)
    self.errorClass = isKnown ? Int(errorClass) : Int(MPI_ERR_UNKNOWN)
    text = libraryText(capacity: Int(MPI_MAX_ERROR_STRING)) { unsafe MPI_Error_string(code, $0, $1) }
  }

  /// An error that this package found itself.
  init(function: String, text: String) {
    self.function = function
    self.text = text
    code = Int(MPI_ERR_OTHER)
    errorClass = Int(MPI_ERR_OTHER)
  }
}

/// Turns the return code of an MPI call into an error.
func check(_ function: String, _ code: CInt) throws(MPIError) {
  guard code == MPI_SUCCESS else { throw MPIError(function: function, code: code) }
}

/// Fetches a text from a C function that fills a buffer of a fixed capacity; empty where that fails.
@safe func libraryText(
  capacity: Int, _ fetch: (UnsafeMutablePointer<CChar>?, UnsafeMutablePointer<CInt>) -> CInt
) -> String {
  var buffer = [CChar](repeating: 0, count: capacity)
  var length: CInt = 0
  let code = unsafe buffer.withUnsafeMutableBufferPointer { unsafe fetch($0.baseAddress, &length) }
  guard code == MPI_SUCCESS else { return "" }
  return String(decoding: buffer.prefix(Int(length)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
