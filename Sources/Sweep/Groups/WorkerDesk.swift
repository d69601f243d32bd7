import Jobs

/// What orders mean to a rank: the decisions of its work, without the work.
///
/// An order can come at any time: about an assignment that has ended here already, or about the next one before this
/// rank has left the last. What is about later assignments waits until the one under way has been left.
struct WorkerDesk {
  /// What is to be done now.
  enum Task {
    /// Write the runs that wait to be written.
    case flush
    /// Tell rank 0 something.
    case report(Report)
  }

  /// The run to begin, once nothing is under way.
  private(set) var next: (assignment: GroupAssignment, run: RunConfiguration)?
  /// The assignment under way.
  private(set) var underWay: GroupAssignment?
  /// Whether it is to be saved and left.
  private(set) var isPausing = false
  /// Whether it is to be left at once.
  private(set) var isLeaving = false
  /// How the session is over, once it is.
  private(set) var farewell: Farewell?
  /// Orders that are not taken in yet, in the order in which they came.
  private var later: ArraySlice<Order> = []

  /// Takes in an order.
  mutating func take(_ order: Order) -> [Task] {
    if case .stop(let farewell) = order {
      (self.farewell, isLeaving, next, later) = (farewell, true, nil, [])
      return []
    }
    later.append(order)
    return catchUp()
  }

  /// Begins the next run.
  mutating func begin() -> [Task] {
    (underWay, next) = (next?.assignment, nil)
    (isPausing, isLeaving) = (false, farewell != nil)
    return catchUp()
  }

  /// The run under way has been left, for whatever reason.
  mutating func end() -> [Task] {
    var tasks: [Task] = []
    if let underWay, isLeaving, farewell == nil { tasks.append(.report(.left(assignment: underWay.number))) }
    (underWay, isPausing, isLeaving) = (nil, false, farewell != nil)
    return tasks + catchUp()
  }

  private mutating func catchUp() -> [Task] {
    var tasks: [Task] = []
    while next == nil, let order = later.first {
      switch order {
      case .start(let assignment, let run):
        guard underWay == nil else { return tasks }
        next = (assignment, run)
      case .pause(let number): if number == underWay?.number { isPausing = true }
      case .abandon(let number) where number == underWay?.number: isLeaving = true
      case .abandon(let number): tasks.append(.report(.left(assignment: number)))
      case .flush: tasks.append(.flush)
      case .stop: break
      }
      later.removeFirst()
    }
    return tasks
  }
}
