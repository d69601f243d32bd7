import JobFixtures
import Jobs
import Testing

@testable import Sweep

/// Orders that come before or after the rank is where rank 0 thinks it is.
@Suite struct WorkerDeskTests {
  private static let run = Result { try JobText.plan(JobText.with("name: desk")).runs[0] }

  private static func start(_ number: Int, members: [Int] = [3]) throws -> Order {
    try .start(GroupAssignment(number: number, run: number, members: members), run.get())
  }

  /// A desk with assignment 0 under way and others in line.
  private static func desk(line: [(Int, [Int])]) throws -> WorkerDesk {
    var desk = WorkerDesk()
    _ = try desk.take(start(0))
    desk.begin()
    for (number, members) in line { _ = try desk.take(start(number, members: members)) }
    return desk
  }

  private static func reports(_ tasks: [WorkerDesk.Task]) -> [Report] {
    tasks.compactMap { if case .report(let report) = $0 { report } else { nil } }
  }

  @Test func whatStandsInLineIsBegunInItsOrder() throws {
    var desk = try Self.desk(line: [(1, [3]), (2, [3, 4])])
    for number in 1...2 {
      #expect(desk.next == nil)
      #expect(desk.end().isEmpty)
      #expect(desk.next?.assignment.number == number)
      desk.begin()
      #expect(desk.underWay?.number == number)
    }
    #expect(desk.end().isEmpty)
    #expect(desk.next == nil)
  }

  @Test func ordersAboutTheRunUnderWayOvertakeTheLine() throws {
    var desk = try Self.desk(line: [(1, [3])])
    #expect(desk.take(.pause(assignment: 0)).isEmpty)
    #expect(desk.isPausing && !desk.isLeaving)
    #expect(desk.take(.abandon(assignment: 0)).isEmpty)
    #expect(desk.isLeaving)
    #expect(Self.reports(desk.end()) == [.left(assignment: 0)])
    desk.begin()
    #expect(desk.underWay?.number == 1 && !desk.isPausing && !desk.isLeaving)
    guard case .flush? = desk.take(.flush).first else { return #expect(Bool(false), "Nothing is written.") }
  }

  @Test func whatIsNotBegunIsGivenBackAtOnce() throws {
    for order in [Order.pause(assignment: 1), .abandon(assignment: 1)] {
      var desk = try Self.desk(line: [(1, [3]), (2, [3])])
      #expect(Self.reports(desk.take(order)) == [.left(assignment: 1)])
      #expect(!desk.isPausing && !desk.isLeaving)
      #expect(desk.end().isEmpty)
      #expect(desk.next?.assignment.number == 2)
    }
  }

  @Test func aGroupThatIsToBeSavedIsBegunFirstSinceOthersWait() throws {
    var desk = try Self.desk(line: [(1, [3, 4])])
    #expect(desk.take(.pause(assignment: 1)).isEmpty)
    #expect(!desk.isPausing)
    #expect(desk.end().isEmpty)
    desk.begin()
    #expect(desk.isPausing)
  }

  @Test func ordersAboutWhatIsOverChangeNothingAndAreAnswered() throws {
    var desk = try Self.desk(line: [])
    #expect(desk.take(.pause(assignment: -1)).isEmpty)
    #expect(Self.reports(desk.take(.abandon(assignment: -1))) == [.left(assignment: -1)])
    #expect(!desk.isPausing && !desk.isLeaving)
  }

  @Test func theEndOfASessionEmptiesTheLine() throws {
    var desk = try Self.desk(line: [(1, [3])])
    #expect(desk.take(.stop(.together)).isEmpty)
    #expect(desk.isLeaving)
    #expect(desk.end().isEmpty)
    #expect(desk.next == nil)
  }
}
