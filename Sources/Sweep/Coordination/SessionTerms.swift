public import Jobs

/// What every rank knows of a session from its beginning; all else comes with orders.
public struct SessionTerms: Codable, Sendable {
  /// The directory of the sweep's files.
  public let path: String
  /// When runs are saved.
  let checkpoint: CheckpointRule
  /// The bytes that a rank may keep from one Hessian product to the next.
  let residualMemory: Int
  /// The seconds for which runs that ended are gathered before they are written.
  let shardSeconds: Double

  /// The terms of a plan computed into a directory.
  public init(_ plan: SweepPlan, _ directory: OutputDirectory) {
    path = directory.path
    checkpoint = plan.checkpoint
    residualMemory = plan.residualMemory
    shardSeconds = plan.shardSeconds
  }

  /// The files of the sweep.
  public var directory: OutputDirectory { OutputDirectory(path) }
}
