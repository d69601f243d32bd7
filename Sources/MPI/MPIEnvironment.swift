internal import CMPI
internal import Glibc

/// The time between the start and the end of MPI in this process; there is one such value in a program's life.
///
/// Reference: MPI 3.1, sections 8.7 and 12.4.
public struct MPIEnvironment: ~Copyable {
  /// Which threads may call MPI.
  public enum ThreadLevel: Int, Comparable, Sendable {
    case single, funneled, serialized, multiple

    /// Whether `left` allows less than `right`.
    public static func < (left: ThreadLevel, right: ThreadLevel) -> Bool { left.rawValue < right.rawValue }
  }

  /// Starts MPI, and from here on has its calls return errors instead of ending the job.
  ///
  /// - Precondition: MPI has not been started in this process before.
  public init(_ required: ThreadLevel = .funneled) throws(MPIError) {
    precondition(!Self.isInitialized, "MPI can be started only once in a process.")
    var provided: CInt = 0
    try check("MPI_Init_thread", unsafe MPI_Init_thread(nil, nil, required.constant, &provided))
    let code = unsafe MPI_Comm_set_errhandler(CMPI_COMM_WORLD(), CMPI_ERRORS_RETURN())
    try check("MPI_Comm_set_errhandler", code)
    guard provided >= required.constant else {
      throw MPIError(
        function: "MPI_Init_thread", text: "this MPI library does not offer thread level \(required)")
    }
  }

  /// Ends MPI.
  ///
  /// Every process takes part. After an error call `abort` instead: this would wait for the others.
  public consuming func finalize() throws(MPIError) {
    try check("MPI_Finalize", MPI_Finalize())
  }

  /// Ends all processes of the job at once, or this process where MPI is not running.
  public static func abort(exitCode: Int) -> Never {
    if isInitialized, !isFinalized { _ = unsafe MPI_Abort(CMPI_COMM_WORLD(), CInt(exitCode)) }
    exit(CInt(exitCode))
  }
}

// MARK: - Queries

extension MPIEnvironment {
  /// Whether MPI has been started in this process, ended or not.
  public static var isInitialized: Bool {
    var flag: CInt = 0
    return unsafe MPI_Initialized(&flag) == MPI_SUCCESS && flag != 0
  }

  /// Whether MPI has been ended in this process.
  public static var isFinalized: Bool {
    var flag: CInt = 0
    return unsafe MPI_Finalized(&flag) == MPI_SUCCESS && flag != 0
  }

  /// Which threads may call MPI; `nil` while it is not running.
  public static var providedThreadLevel: ThreadLevel? {
    guard isInitialized, !isFinalized else { return nil }
    var provided: CInt = 0
    guard unsafe MPI_Query_thread(&provided) == MPI_SUCCESS else { return nil }
    return [.single, .funneled, .serialized, .multiple].first { $0.constant == provided }
  }

  /// Name and version of the library, as in `Open MPI v4.1.4`.
  public static var libraryVersion: String {
    let text = libraryText(capacity: Int(MPI_MAX_LIBRARY_VERSION_STRING)) {
      unsafe MPI_Get_library_version($0, $1)
    }
    return String(text.prefix { $0 != "," && !$0.isNewline })
  }
}

extension MPIEnvironment.ThreadLevel {
  fileprivate var constant: CInt {
    switch self {
    case .single: CInt(MPI_THREAD_SINGLE)
    case .funneled: CInt(MPI_THREAD_FUNNELED)
    case .serialized: CInt(MPI_THREAD_SERIALIZED)
    case .multiple: CInt(MPI_THREAD_MULTIPLE)
    }
  }
}
