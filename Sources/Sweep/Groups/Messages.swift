import Foundation
import Jobs
import Problems
import Shards
import Training

/// What rank 0 tells a rank.
enum Order: Codable {
  /// Work on this run together with the members; the first of them writes the shard.
  case start(GroupAssignment, RunConfiguration)
  /// Save the run of this assignment, and leave it then.
  case pause(assignment: Int)
  /// Leave the run of this assignment at once, and report `left`: a member has failed or is lost, or there is no time to
  /// save it.
  case abandon(assignment: Int)
  /// Write the runs that wait to be written, and report them.
  case flush
  /// The session is over.
  case stop(Farewell)
}

/// How ranks end.
public enum Farewell: Codable, Sendable {
  /// All who live end MPI together.
  case together
  /// One by one, since somebody is dead, and MPI may wait for it.
  case oneByOne
  /// By rank 0, since somebody who lives does not answer and has to be ended.
  case byForce
  /// At once, since rank 0 is dead, as one of the others has noticed.
  case orphaned(noticedBy: Int)
}

/// One run handed to one group of ranks.
package struct GroupAssignment: Codable, Equatable {
  /// Counts the assignments of a session.
  package var number: Int
  /// Index of the run in the plan, which rank 0 alone has.
  var run: Int
  /// Ranks of the group in canonical order; a power of two of them.
  package var members: [Int]
  /// The tag of the messages of the group's sums.
  var tag: Int

  /// Names the parts.
  package init(number: Int, run: Int, members: [Int], tag: Int = 0) {
    (self.number, self.run, self.members, self.tag) = (number, run, members, tag)
  }

  /// The member that writes the shard and speaks for the group.
  var leader: Int { members[0] }
}

/// What a rank tells rank 0.
enum Report: Codable, Equatable {
  /// How far the run of the assignment under way is.
  case progress(assignment: Int, RunProgress)
  /// The run has ended; its leader holds the record.
  case ended(assignment: Int, RunSummary)
  /// The runs of these assignments are on disk.
  case written(assignments: [Int])
  /// The runs of these assignments ended, but could not be written, and are lost.
  case unwritten(assignments: [Int], RunFailure)
  /// The group has left the run before its end, and its work is saved.
  case saved(assignment: Int, RunSummary)
  /// This member could not go on.
  case failed(assignment: Int, RunFailure)
  /// This rank is not, or no longer, at work on the assignment that it was asked to abandon.
  case left(assignment: Int)
  /// This rank is there.
  case alive
  /// The process of another rank has ended.
  case dead(rank: Int)
}

/// A problem that the next run would meet as well.
struct MachineFault: Error, CustomStringConvertible {
  let cause: Problem
  var description: String { cause.description }
}

/// Why a member could not go on with a run.
struct RunFailure: Codable, Equatable {
  var message: String
  /// Whether the machine is at fault and not the run, so that the next run would meet the same.
  var isOfMachine: Bool

  init(_ error: any Error) {
    message = "\(error)"
    isOfMachine = error is MachineFault || (error as? Problem)?.isOfMachine == true
  }
}

/// How a group left a run.
enum RunEnding: Equatable {
  /// With a result, which its leader has recorded.
  case ended(RunSummary)
  /// Before its end, because a member wished to leave; its work stands in a checkpoint.
  case saved(RunSummary)

  /// What there is to know of it.
  var summary: RunSummary {
    switch self {
    case .ended(let summary), .saved(let summary): summary
    }
  }
}

/// What rank 0 needs to know of a run that its group has left.
struct RunSummary: Codable, Equatable {
  var status: RunStatus
  /// Steps done, those of earlier sessions included.
  var steps: Int
  var seconds: Double
  /// What the user should know, in sentences without a full stop.
  var notes: [String] = []
}

/// Control messages are small and rare, so JSON keeps them readable in a debugger.
struct Wire {
  private let encoder = JSONEncoder()
  private let decoder = JSONDecoder()

  /// Creates an end of the wire, which remembers the last run that it read: the next one is mostly much the same.
  init() { decoder.userInfo[.lastRun] = LastRun() }

  func encode(_ message: some Encodable) throws -> [UInt8] { Array(try encoder.encode(message)) }

  func decode<Message: Decodable>(_ type: Message.Type, _ bytes: [UInt8]) throws -> Message {
    try decoder.decode(type, from: Data(bytes))
  }
}
