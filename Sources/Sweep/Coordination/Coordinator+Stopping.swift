import Console

extension Coordinator {
  /// Stops when that is due: first everything is saved; after a while, or where the user insists, it is left as it is.
  func watchTime() throws {
    let request = stopRequest()
    if stop == nil {
      if request != .none {
        try pauseAll("asked to stop by \(Interruption.signalName)")
      } else if time >= times.horizon.deadline ?? .infinity {
        try pauseAll("the time limit comes near")
      }
    }
    guard let stop, stop.leftAt == nil else { return }
    isHurried = request == .insisted
    if isHurried || time - stop.since > SessionTimes.savingTime { try leave() }
  }

  /// Starts nothing more, and has everything under way saved.
  private func pauseAll(_ reason: String) throws {
    log.pausing(reason, running: underWayCount)
    try stopStarting()
  }

  func stopStarting() throws {
    if stop == nil { stop = Stop(since: time) }
    try handle(.draining)
  }

  /// Stops the session: what keeps one run from being computed or written keeps the others from being saved.
  func give(up failure: RunFailure) throws {
    obstacle = obstacle ?? failure.message
    try stopStarting()
    try leave()
  }

  /// Leaves everything under way as it is: what stands in checkpoints is kept.
  private func leave() throws {
    if stop?.leftAt == nil { stop?.leftAt = time }
    // What is in line first, so that it is not begun.
    let (left, unsaved) = (running.values.sorted { $0.number > $1.number }, underWayCount)
    if unsaved > 0, obstacle == nil {
      log.note("\(Format.plural(unsaved, "run")) left unsaved, to go on from the last checkpoint")
    }
    for assignment in left {
      running[assignment.number] = nil
      try abandon(assignment)
      if inLine.remove(assignment.number) == nil { log.interrupted(assignment) }
      try handle(.ended(assignment: assignment.number - numberOffset, .interrupted))
    }
  }
}
