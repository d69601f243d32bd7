import Console
import Jobs

// Ranks that die or fall silent cost the work of their own group since its last checkpoint, and no other.

extension Coordinator {
  /// A rank is gone, or does not answer: its group is dissolved, and what it had not written is computed again.
  func lose(_ rank: Int, _ loss: Crew.Loss) throws {
    guard crew.lose(rank, loss) else { return }
    if loss == .dead { transport.forget(rank) }
    hasLosses = true
    unwritten = unwritten.filter { $0.value != rank }
    let groups = running.values.filter { $0.members.contains(rank) }.sorted { $0.number < $1.number }
    log.ranks(.rankLost, [rank], message: sentence(on: rank, loss, of: groups.first))
    // What is in line first: the rank is free when it has left the run under way.
    for group in groups.reversed() { try dissolve(group, without: loss == .dead ? rank : nil) }
    if groups.isEmpty, loss == .silent { try ask(rank, toLeave: -1) }
    try handle(.lost(rank: rank))
    if scheduler.rankCount == 0, scheduler.waitingCount > 0 {
      obstacle = obstacle ?? "no rank is left that computes"
    }
  }

  private func dissolve(_ group: GroupAssignment, without dead: Int?) throws {
    running[group.number] = nil
    if inLine.remove(group.number) == nil {
      attempts.lost(group.run)
      log.interrupted(group)
    }
    if group.members.count > 1 { tags.spend(group.tag) }
    for member in group.members where member != dead && crew.loss(of: member) != .dead {
      try ask(member, toLeave: group.number)
    }
  }

  private func ask(_ rank: Int, toLeave assignment: Int) throws {
    crew.ask(rank, toLeave: assignment)
    try transport.send(.abandon(assignment: assignment), to: rank)
  }

  private func name(_ rank: Int) -> String {
    let place = places.all[rank]
    return "rank \(rank) (\(place.host), process \(place.process.number))"
  }

  private func sentence(on rank: Int, _ loss: Crew.Loss, of group: GroupAssignment?) -> String {
    let what =
      loss == .dead ? "is dead" : "counts as lost, having been silent for \(Format.duration(vigil.limit))"
    let run = group.map { "\(sweep.plan.runs[$0.run].id) goes on without it from what was saved" }
    return "\(name(rank)) \(what); \(run ?? "it had nothing to do")"
  }

  /// A rank has left an assignment, and is free for others where it was asked to.
  func welcome(_ rank: Int, _ number: Int) throws {
    guard crew.hasLeft(rank, number), phase == .computing else { return }
    try handle(.ready(rank: rank))
  }

  func hear(_ rank: Int) {
    guard vigil.hear(rank) else { return }
    log.ranks(.rankBack, [rank], message: "\(name(rank)) is heard of again")
  }

  func lookForSilence() throws {
    guard time >= nextLook else { return }
    nextLook = time + min(1, vigil.patience / 20)
    let living = places.all.indices.filter { crew.loss(of: $0) == nil && $0 != transport.rank }
    let (silent, lost) = vigil.look(at: living, now: transport.now)
    for rank in silent { log.ranks(.rankSilent, [rank], message: report(on: rank)) }
    for rank in lost { try lose(rank, .silent) }
  }

  /// Who is silent, and who waits for it.
  private func report(on rank: Int) -> String {
    let silence = "\(name(rank)) has not been heard of for \(Format.duration(vigil.silence(of: rank)))"
    guard let group = underWay.first(where: { $0.members.contains(rank) }) else {
      return "\(silence); it has nothing to do"
    }
    let run = sweep.plan.runs[group.run].id
    let others = group.members.filter { $0 != rank }
    if others.isEmpty { return "\(silence); it works on \(run) alone" }
    let names = others.map { String($0) }.joined(separator: " ")
    return
      "\(silence); \(others.count == 1 ? "rank \(names) waits" : "ranks \(names) wait") for it in a sum of \(run)"
  }
}
