import Jobs

/// What orders mean to a rank: the decisions of its work, without the work.
///
/// An order can come at any time: about an assignment that has ended here already, or about one that waits here until this
/// rank has left the last.
struct WorkerDesk {
  /// What is to be done now.
  enum Task {
    /// Write the runs that wait to be written.
    case flush
    /// Tell rank 0 something.
    case report(Report)
  }

  /// A run to begin.
  typealias Start = (assignment: GroupAssignment, run: RunConfiguration)

  /// The assignment under way.
  private(set) var underWay: GroupAssignment?
  /// Whether it is to be saved and left.
  private(set) var isPausing = false
  /// Whether it is to be left at once.
  private(set) var isLeaving = false
  /// How the session is over, once it is.
  private(set) var farewell: Farewell?
  /// The runs to begin, one after the other.
  private var line: ArraySlice<Start> = []
  /// Those of them that are to be saved as soon as they have begun.
  private var pausing: Set<Int> = []

  /// The run to begin now: nothing is under way.
  var next: Start? { underWay == nil ? line.first : nil }

  /// Takes in an order.
  mutating func take(_ order: Order) -> [Task] {
    switch order {
    case .start(let assignment, let run): line.append((assignment, run))
    case .pause(let number): return pause(number)
    case .abandon(let number): return abandon(number)
    case .flush: return [.flush]
    case .stop(let farewell): (self.farewell, isLeaving, line) = (farewell, true, [])
    }
    return []
  }

  /// Begins the next run.
  mutating func begin() {
    guard let next else { return }
    line.removeFirst()
    (underWay, isPausing, isLeaving) = (next.assignment, pausing.remove(next.assignment.number) != nil, false)
  }

  /// The run under way has been left, for whatever reason.
  mutating func end() -> [Task] {
    var tasks: [Task] = []
    if let underWay, isLeaving, farewell == nil { tasks.append(.report(.left(assignment: underWay.number))) }
    (underWay, isPausing, isLeaving) = (nil, false, farewell != nil)
    return tasks
  }

  /// What waits here is given back, unless other members wait for this rank to save it with them.
  private mutating func pause(_ number: Int) -> [Task] {
    if number == underWay?.number { isPausing = true }
    guard let waiting = line.first(where: { $0.assignment.number == number }) else { return [] }
    if waiting.assignment.members.count == 1 { return abandon(number) }
    pausing.insert(number)
    return []
  }

  private mutating func abandon(_ number: Int) -> [Task] {
    if number == underWay?.number {
      isLeaving = true
      return []
    }
    line.removeAll { $0.assignment.number == number }
    pausing.remove(number)
    return [.report(.left(assignment: number))]
  }
}
