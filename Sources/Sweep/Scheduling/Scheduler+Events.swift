import Foundation
import HeapModule

extension Scheduler {
  mutating func progress(_ number: Int, left: Double, _ time: Double) {
    guard var entry = underWay[number], !entry.isInLine, left <= entry.fraction, time >= entry.reference
    else { return }
    let speed = speed(entry)
    if left < entry.fraction {
      let work = entry.cost * (entry.fraction - left)
      let isAmiss = model.learn(work, kind: entry.kind, seconds: (time - entry.learnt) * speed)
      settling.isDue = settling.isDue || isAmiss
      entry.learnt = time
    }
    let estimate = model.work(ofWhole: entry.cost, left: left, after: (time - entry.start) * speed)
    unsettledCost += estimate - entry.left
    load.remove(entry)
    (entry.fraction, entry.left, entry.reference) = (left, estimate, time)
    load.add(entry)
    if !entry.isPausing, entry.pace.report(left: left, at: time) { learn(from: entry) }
    underWay[number] = entry
  }

  /// Learns how long a group took to begin, and what its size is worth.
  private mutating func learn(from entry: UnderWay) {
    if let beginning = entry.pace.beginning { model.learnStarting(beginning - entry.start) }
    let run = entry.assignment.run
    guard let before = paces[run], let speed = pace(of: entry), before.size != speed.size else { return }
    model.learnGain(
      entry.kind, ratio: speed.costPerSecond / before.costPerSecond,
      doublings: log2(Double(speed.size) / Double(before.size)))
  }

  /// The size and the speed of a group; nil where it was not seen for long enough.
  private func pace(of entry: UnderWay) -> (size: Int, costPerSecond: Double)? {
    entry.pace.seconds.map { (entry.assignment.ranks.count, entry.cost / model.rate(entry.kind) / $0) }
  }

  /// An assignment is over; its ranks go on with what they have in line.
  mutating func end(_ number: Int, _ ending: Ending, _ time: Double) -> [Action] {
    if case .saved(let left) = ending { progress(number, left: left, time) }
    guard let entry = underWay.removeValue(forKey: number) else { return [] }
    leave(entry, time)
    settle(entry, ending, time)
    return entry.isInLine ? [] : entry.assignment.ranks.compactMap { goOn($0, time) }
  }

  private mutating func settle(_ entry: UnderWay, _ ending: Ending, _ time: Double) {
    switch ending {
    case .settled: unsettledCost -= entry.left
    case .saved:
      if let pausing = entry.pausing { model.learnSaving(time - pausing) }
      paces[entry.assignment.run] = pace(of: entry)
      wait(entry, cost: max(entry.left, entry.cost * 1e-6))
    case .interrupted: wait(entry, cost: entry.cost)
    }
  }

  private mutating func leave(_ entry: UnderWay, _ time: Double) {
    if entry.isInLine { return lines.remove(entry.assignment.number, on: entry.assignment.ranks[0]) }
    load.remove(entry)
    turns.end(entry, at: time)
  }

  /// A run whose assignment has ended early waits again.
  private mutating func wait(_ entry: UnderWay, cost: Double) {
    let run = entry.assignment.run
    unsettledCost += cost - entry.left
    runs[run].cost = cost
    runs[run].isFresh = runs[run].isFresh && entry.isInLine
    waiting.insert(Waiting(cost: cost, run: run))
  }

  mutating func release(_ rank: Int) {
    assignmentOfRank[rank] = nil
    idle.insert(rank)
  }

  mutating func welcome(_ rank: Int) {
    alive.insert(rank)
    guard assignmentOfRank[rank] == nil else { return }
    idle.remove(rank)
    idle.insert(rank)
  }

  mutating func lose(_ rank: Int, _ time: Double) -> [Action] {
    guard alive.remove(rank) != nil else { return [] }
    regrouping.targets = [:]
    for number in lines.removeAll(on: rank) {
      if let entry = underWay.removeValue(forKey: number) { wait(entry, cost: entry.cost) }
    }
    guard let number = assignmentOfRank.removeValue(forKey: rank),
      let entry = underWay.removeValue(forKey: number)
    else {
      idle.remove(rank)
      return []
    }
    leave(entry, time)
    wait(entry, cost: entry.cost)
    let remaining = entry.assignment.ranks.filter { $0 != rank }
    for rank in remaining { assignmentOfRank[rank] = nil }
    return remaining.isEmpty ? [] : [.abandon(entry.assignment, remaining: remaining)]
  }
}

// MARK: - Estimates

extension Scheduler {
  /// When costs were last put right.
  struct Settling: Sendable {
    /// Whether some kind of run is not as fast as it is taken for.
    var isDue = false
    /// The events since.
    var events = 0
  }

  /// Puts all costs right where a kind of run is not as fast as it was taken for; with many runs not at every event.
  mutating func settleIfDue() {
    settling.events += 1
    guard settling.isDue, settling.events >= runs.count / 16 else { return }
    settling = Settling()
    let ratios = model.settle()
    for run in runs.indices { runs[run].cost *= ratios[runs[run].kind] }
    waiting = Heap(waiting.unordered.map { Waiting(cost: runs[$0.run].cost, run: $0.run) })
    for (number, entry) in underWay {
      var entry = entry
      entry.cost *= ratios[entry.kind]
      let seen = (entry.reference - entry.start) * speed(entry)
      entry.left = model.work(ofWhole: entry.cost, left: entry.fraction, after: seen)
      underWay[number] = entry
    }
    unsettledCost = underWay.values.reduce(waiting.unordered.reduce(0) { $0 + $1.cost }) { $0 + $1.left }
    turns.promise(underWay.values)
  }
}
