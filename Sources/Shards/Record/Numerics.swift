extension Provenance {
  /// Raised when the program itself comes to compute other bits from the same configuration.
  static let numericsVersion = 2

  /// What decides the bits of a run beside its configuration: a run that was saved under other numerics is not gone on
  /// with, since its two halves would belong to no run that anybody could compute again.
  public var numerics: String {
    // The name and the version; what follows describes how it was built.
    let library = blasLibrary.split(separator: " ", maxSplits: 2).prefix(2).joined(separator: " ")
    let parts = [vectorLevel.map { "level \($0)" }, "BLAS \(blasCore) of \(library)"]
    return (["numerics \(Self.numericsVersion)"] + parts.compactMap(\.self)).joined(separator: ", ")
  }
}
