// A rank that has ended a run waits until rank 0, which computes too, gives it the next. Where runs take no longer than
// such a wait, ranks have more of them in line behind the one under way, and begin them by themselves.

internal import HeapModule
internal import Jobs

/// The assignments that ranks have in line, by rank, in the order in which they are begun.
struct Lines: Sendable {
  /// The longest run that is put into a line, in seconds.
  let longestRun: Double
  private var numbers: [Int: [Int]] = [:]

  /// Runs of a line, and their work as a part of the longest run: enough until rank 0 is heard of again.
  private static let most = (runs: 16, work: 0.1)

  init(longestRun: Double) { self.longestRun = longestRun }

  var isEmpty: Bool { numbers.isEmpty }

  /// Whether a rank should have one more.
  func isShort(on rank: Int, seconds: (_ number: Int) -> Double) -> Bool {
    guard let line = numbers[rank] else { return true }
    return line.count < Self.most.runs
      && line.reduce(0) { $0 + seconds($1) } < Self.most.work * longestRun
  }

  /// What ranks have in line of which this is true.
  func all(where isIncluded: (_ rank: Int) -> Bool) -> [Int] {
    numbers.flatMap { isIncluded($0.key) ? $0.value : [] }
  }

  mutating func append(_ number: Int, on rank: Int) { numbers[rank, default: []].append(number) }

  /// What a rank begins now.
  mutating func removeFirst(on rank: Int) -> Int? {
    guard let first = numbers[rank]?.first else { return nil }
    remove(first, on: rank)
    return first
  }

  mutating func remove(_ number: Int, on rank: Int) {
    numbers[rank]?.removeAll { $0 == number }
    if numbers[rank]?.isEmpty == true { numbers[rank] = nil }
  }

  mutating func removeAll(on rank: Int) -> [Int] { numbers.removeValue(forKey: rank) ?? [] }
}

extension Scheduler {
  /// Fills the lines of ranks that have just begun something.
  mutating func lineUp(behind actions: [Action], _ time: Double) -> [Action] {
    var linedUp: [Action] = []
    for action in actions {
      switch action {
      case .start(let assignment), .begun(let assignment): linedUp += lineUp(behind: assignment, time)
      case .pause, .abandon, .lineUp, .finish: break
      }
    }
    return linedUp
  }

  private mutating func lineUp(behind assignment: Assignment, _ time: Double) -> [Action] {
    var actions: [Action] = []
    guard assignment.ranks.count == 1, let works = underWay[assignment.number], fits(works.left),
      !works.isPausing
    else { return [] }
    while waiting.count > alive.count, let next = waiting.max, fits(next.cost), isForOneRank(next.run),
      lines.isShort(on: assignment.ranks[0], seconds: { model.seconds(underWay[$0]?.left ?? 0) })
    {
      waiting.removeMax()
      let entry = enter(next.run, assignment.ranks, isTurn: false, isInLine: true, time)
      lines.append(entry.assignment.number, on: assignment.ranks[0])
      actions.append(.lineUp(entry.assignment))
    }
    return actions
  }

  private func fits(_ cost: Double) -> Bool { model.seconds(cost) <= lines.longestRun }

  private func isForOneRank(_ run: Int) -> Bool {
    guard case .fixed(let size) = groupSize else { return true }
    return self.size(size, of: run) == 1
  }

  /// A rank has ended a run: it begins what is first in its line, or has nothing to do.
  mutating func goOn(_ rank: Int, _ time: Double) -> Action? {
    guard let number = lines.removeFirst(on: rank), var entry = underWay[number] else {
      release(rank)
      return nil
    }
    entry.begin(at: time)
    underWay[number] = entry
    takeUp(entry)
    return .begun(entry.assignment)
  }

  /// Asks for what stands in line while others have nothing to do, or behind what takes longer than was thought.
  mutating func takeBack(_ time: Double) -> [Action] {
    let numbers = lines.all { rank in
      !idle.isEmpty || !(assignmentOfRank[rank].flatMap { underWay[$0] }.map { fits($0.left) } ?? false)
    }
    return pause(numbers.compactMap { underWay[$0] }, time)
  }
}
