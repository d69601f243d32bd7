import Bench
import Console
import Foundation
import Learning
import ProgramExecutor
import Sweep

/// What `bench --explain` prints: the groups of every program, next to what limits them.
enum BenchExplanation {
  static func text(of report: MachineReport) -> String {
    let parts = report.profile.parts.map { name, profile in
      let programs = profile.programs.map { text(of: $0.program, blockCount: $0.blockCount) }
      return (programs + [total(name, report)]).joined(separator: "\n")
    }
    return "\n" + (parts + [legend]).joined(separator: "\n\n")
  }

  private static let legend = """
    of limit: the time a group could take over the time it takes. A product could take what it takes alone, a convolution what
    products of its windows take, once these are copied; another group what a copy of as many bytes takes.
    """

  private static func text(of program: ProgramProfile, blockCount: Int) -> String {
    let flops = program.groups.reduce(0) { $0 + $1.flops }
    let bytes = program.groups.reduce(0) { $0 + $1.byteCount }
    let facts = [
      "\(program.instructionCount) instructions", "\(program.stepCount) steps",
      Format.plural(program.groups.count, "group"), String(format: "%.1f MFLOP", flops / 1e6),
      String(format: "%.1f MB moved", Double(bytes) / 1e6),
      String(format: "%.2f MB arena", Double(program.arenaByteCount) / 1e6),
    ]
    return """
      \(program.name), \(Format.plural(blockCount, "block")) of \(time(program.seconds))
        \(facts.joined(separator: ", "))
      \(Table.aligned(["  time\tshare\trate\tof limit\twhat"] + program.groups.map { row($0, of: program) }))
      """
  }

  private static func row(_ group: ProgramProfile.Group, of program: ProgramProfile) -> String {
    let rate =
      group.flops > 0
      ? String(format: "%.1f GFLOP/s", group.flops / group.seconds / 1e9)
      : String(format: "%.1f GB/s", Double(group.byteCount) / group.seconds / 1e9)
    let limit = group.limitSeconds.map { String(format: "%.2f", $0 / group.seconds) } ?? "-"
    return "  "
      + [time(group.seconds), percent(group.seconds / program.seconds), rate, limit, group.text]
      .joined(separator: "\t")
  }

  private static func total(_ part: ObjectivePart, _ report: MachineReport) -> String {
    let whole = "\(part.rawValue): \(time(report.seconds(part))) with adding up the blocks"
    guard let rate = report.rateOfProducts(part) else { return whole }
    return whole + String(format: ", at %.2f of its GEMMs' rate", rate)
  }

  private static func percent(_ share: Double) -> String { String(format: "%.1f %%", 100 * share) }

  private static func time(_ seconds: Double) -> String {
    seconds < 1e-3 ? String(format: "%.1f us", seconds * 1e6) : String(format: "%.2f ms", seconds * 1e3)
  }
}
