import Foundation
import Testing

@testable import Sweep

@Suite struct RankPlaceTests {
  @Test func aProcessHasEndedOnceItIsKilled() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sleep")
    process.arguments = ["600"]
    try process.run()
    let stat = try String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)
    let began = try #require(UInt64(stat.split(separator: " ")[21]))
    var place = ProcessPlace.current
    #expect(place.hasEnded == false)
    (place.number, place.began) = (process.processIdentifier, began)
    #expect(place.hasEnded == false)
    // Another process that got the number.
    var earlier = place
    earlier.began -= 1
    #expect(earlier.hasEnded == true)
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(place.hasEnded == true)
  }

  @Test func ofOtherMachinesNothingIsTold() {
    var place = ProcessPlace.current
    place.machine = "another"
    #expect(place.hasEnded == nil)
  }

  @Test func ranksOfOneNodeShareItsNameAndItsProcesses() {
    var places = (0..<4).map { RankPlace.here(rank: $0) }
    places[1].host = "another"
    places[3].process.machine = "another"
    let all = RankPlaces(places)
    #expect(all.node(of: 0).map(\.rank) == [0, 2])
    #expect(all.node(of: 1).map(\.rank) == [1])
    #expect(all.node(of: 3).map(\.rank) == [3])
  }
}
