import Training

/// Who hears what the coordinator does; all but notes is about an assignment.
protocol CoordinatorLog: AnyObject {
  func started(_ assignment: GroupAssignment)
  func progressed(_ assignment: GroupAssignment, _ progress: RunProgress)
  /// The run has ended, and stands in its leader's memory.
  func ended(_ assignment: GroupAssignment, _ summary: RunSummary)
  /// The group has left the run, whose work is saved.
  func saved(_ assignment: GroupAssignment, _ summary: RunSummary)
  func failed(_ assignment: GroupAssignment, message: String)
  /// The group has left the run without saving it.
  func interrupted(_ assignment: GroupAssignment)

  /// The session begins to stop.
  func pausing(_ reason: String, running: Int)
  /// Something about ranks: lost, silent, back again.
  func ranks(_ kind: SweepEvent.Kind, _ ranks: [Int], message: String)
  func note(_ sentence: String)
  func showProgress(running: Int, isSaving: Bool, remaining: () -> Double)
}

extension SessionLog: CoordinatorLog {}
