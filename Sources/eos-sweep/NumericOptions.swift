import ArgumentParser
import Console
import LinearAlgebra
import MPI
import Problems

/// The level at which a command computes: the same for all ranks.
struct NumericOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Compute as a CPU of this level would (x86-64, x86-64-v2, x86-64-avx, x86-64-v3, x86-64-v4), with its bits. \
      Default: \(NumericLevel.variable), or the best level that the machines of all ranks have.
      """,
      valueName: "level"))
  var numericLevel: String?

  /// Refuses a level in the environment that this machine does not have.
  static func checkVariable() throws {
    guard let text = NumericLevel.textOfEnvironment else { return }
    _ = try level(text, of: "\(NumericLevel.variable)=\(text)", among: [NumericLevel.best])
  }

  /// Chooses the level of a process that works alone.
  func choose() throws {
    NumericLevel.choose(try choice(among: [NumericLevel.best]))
  }

  /// Chooses one level for all ranks; collective.
  ///
  /// - Returns: Whether there is one; if not, rank 0 has said why.
  func agree(over world: borrowing Communicator) throws -> Bool {
    let names = try world.gather(Array(NumericLevel.best.name.utf8), root: 0)
    var agreed: CPULevel?
    if world.rank == 0 {
      do {
        agreed = try choice(among: names.compactMap { CPULevel(named: String(decoding: $0, as: UTF8.self)) })
      } catch let problem as Problem {
        Terminal.error("eos-sweep: \(problem)")
      }
      try world.share(agreed?.name)
    } else {
      agreed = try world.receive(String.self).flatMap { CPULevel(named: $0) }
    }
    guard let agreed else { return false }
    NumericLevel.choose(agreed)
    return true
  }

  /// A note where machines differ in what they can do; nil where they do not.
  static func note(_ best: [String]) -> String? {
    guard Set(best).count > 1, let lowest = best.compactMap({ CPULevel(named: $0) }).min(),
      let rank = best.firstIndex(of: lowest.name)
    else { return nil }
    return "rank \(rank) has \(lowest.name) only, so all compute at that level or below"
  }

  /// What is asked for, or else the best level of all ranks, of which `best` holds each one's.
  private func choice(among best: [CPULevel]) throws -> CPULevel {
    if let numericLevel {
      return try Self.level(numericLevel, of: "--numeric-level \(numericLevel)", among: best)
    }
    if let text = NumericLevel.textOfEnvironment {
      return try Self.level(text, of: "\(NumericLevel.variable)=\(text)", among: best)
    }
    if let note = Self.note(best.map(\.name)) { Terminal.error("note: \(note)") }
    return best.min() ?? NumericLevel.best
  }

  private static func level(_ text: String, of subject: String, among best: [CPULevel]) throws -> CPULevel {
    let lowest = best.min() ?? NumericLevel.best
    let whose = best.count > 1 ? "rank \(best.firstIndex(of: lowest) ?? 0)" : "this machine"
    let available = NumericLevel.available.filter { $0 <= lowest }
    guard let level = CPULevel(named: text), available.contains(level) else {
      let names = available.map(\.name).joined(separator: ", ")
      throw Problem(
        subject,
        CPULevel(named: text) == nil ? "there is no such level" : "\(whose) cannot compute at this level",
        remedy: "choose one that \(whose) has: \(names)")
    }
    return level
  }
}
