import Foundation
import Sweep

/// What the program asks SLURM, and what `slurm/sweep.sbatch` and `slurm/submit` tell it.
enum Slurm {
  /// The variables of this process, with the end of its job: not every version of SLURM sets it, and then the first rank
  /// asks.
  static var environment: [String: String] {
    var variables = ProcessInfo.processInfo.environment
    if variables["SLURM_JOB_END_TIME"] == nil, let job = variables["SLURM_JOB_ID"], Launcher.isFirst {
      variables["SLURM_JOB_END_TIME"] = squeue(job, "%e", times: "%s")
    }
    return variables
  }

  /// Whether the script of the job says how to go on with what is left, so that the program need not.
  static var scriptGoesOn: Bool { ProcessInfo.processInfo.environment["EOS_SWEEP_AGAIN"] != nil }

  /// What the queue says of the job that works on a directory, and how to stop it; nil where there is none.
  static func job(of directory: OutputDirectory) -> String? {
    guard let file = try? String(contentsOfFile: directory.slurmJobFile, encoding: .utf8),
      let job = file.split(whereSeparator: \.isWhitespace).first.map(String.init),
      let parts = squeue(job, "%T|%r|%S")?.split(separator: "|").map(String.init), parts.count == 3
    else { return nil }
    switch parts[0] {
    case "RUNNING":
      return "SLURM job \(job) is running; to stop it in order: scancel --batch --signal=TERM \(job)"
    case "PENDING":
      let start = parts[2] == "N/A" ? "" : ", expected to start at \(parts[2])"
      return
        "SLURM job \(job) waits in the queue (\(parts[1]))\(start); to take it back: scancel \(job)"
    default: return "SLURM job \(job) is \(parts[0])"
    }
  }

  /// The answer about one job; nil where there is none within seconds.
  private static func squeue(_ job: String, _ format: String, times: String = "standard") -> String? {
    let (process, output) = (Process(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "SLURM_TIME_FORMAT=\(times)", "timeout", "5", "squeue", "-h", "-j", job, "-o", format,
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let bytes = (try? output.fileHandleForReading.readToEnd()) ?? Data()
    process.waitUntilExit()
    let answer = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    return process.terminationStatus == 0 && !answer.isEmpty ? answer : nil
  }
}
