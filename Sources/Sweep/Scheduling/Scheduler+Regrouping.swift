import Jobs

extension Scheduler {
  /// How long a run has to last still that saving it and going on elsewhere is little beside, in seconds.
  private static let worthRegrouping = 60.0

  /// Fewer runs than ranks: the run that takes longest is saved, to go on in a larger group with ranks that have nothing
  /// to do.
  mutating func regroup(_ time: Double) -> [Action] {
    guard groupSize == .auto, idleCount > 0, !horizon.isClosing(at: time),
      !underWay.values.contains(where: \.isPausing)
    else { return [] }
    let growing = underWay.values.filter { canGrow($0) && seconds(left: $0, time) >= Self.worthRegrouping }
    let slowest = growing.max {
      (seconds(left: $0, time), $1.assignment.number) < (seconds(left: $1, time), $0.assignment.number)
    }
    return slowest.map { pause([$0]) } ?? []
  }

  private func canGrow(_ entry: UnderWay) -> Bool {
    let size = entry.assignment.ranks.count
    return 2 * size <= min(runs[entry.assignment.run].maximumGroup, size + idleCount)
  }
}
