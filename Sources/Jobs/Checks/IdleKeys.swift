import Datasets
import Flows
internal import Learning
import Probes
import Schema

/// Keys that a job writes and that change nothing, beside the other keys of every run that has them.
enum IdleKeys {
  /// A sentence for every reason, with the keys that it is about.
  static func notes(
    _ runs: [RunConfiguration], _ facts: [DataConfiguration: DataFacts] = [:]
  ) -> [String] {
    var reasons: [String: String] = [:], useful: Set<String> = []
    for run in runs {
      for path in run.written.byPath.keys where !useful.contains(path) {
        if let reason = reason(path, run) ?? reason(path, run, facts[run.data]) {
          reasons[path] = reason
        } else {
          useful.insert(path)
        }
      }
    }
    let idle = Dictionary(grouping: reasons.keys.filter { !useful.contains($0) }) { reasons[$0] ?? "" }
    return idle.sorted { $0.key < $1.key }.map { reason, paths in
      "\(paths.sorted().joined(separator: ", ")): without effect, because \(reason)."
    }
  }

  private static func reason(_ path: String, _ run: RunConfiguration) -> String? {
    let measuresDensity = run.whole("measure.density_probes") != nil
    switch path {
    case "measure.every": return nil
    case _ where path.hasPrefix("flow.") && path != "flow.unsupported": return reason(flowKey: path, run)
    case "measure.at" where run.process != nil:
      return "the weights of a flow do not oscillate, so it is measured where it is"
    case _ where path.hasPrefix("measure.") && run.measure.every == nil: return "measure.every is never"
    case "measure.density_steps" where !measuresDensity, "measure.density_every" where !measuresDensity:
      return "there is no measure.density_probes"
    case "measure.sketch_every" where run.measure.sketchInterval == nil: return "there is no measure.sketch"
    case "init.step" where run.origin == nil, "init.state" where run.origin == nil:
      return "there is no init.run"
    case "measure.max_tracked" where run.measure.track == nil: return "there is no measure.track"
    case "measure.noise_scale" where run.batchSize == .full: return "batches are full"
    case "optimizer.freeze_preconditioner" where run.whole(path) ?? 0 >= run.stop.steps:
      return "stop.steps comes first"
    default: return nil
    }
  }
}

extension IdleKeys {
  /// Why a key of flows changes nothing.
  private static func reason(flowKey path: String, _ run: RunConfiguration) -> String? {
    guard let process = run.process else { return "the process is the optimizer" }
    switch path {
    case "flow.critical", "flow.renew":
      return process == .centralFlow ? nil : "only a central flow has critical directions"
    case "flow.tracked", "flow.most_critical", "flow.tolerance", "flow.max_products", "flow.cold_every":
      return process == .rodFlow ? "a rod flow has no eigenvectors" : nil
    default: return nil
    }
  }
}

extension IdleKeys {
  /// Why a key changes nothing beside what the data is.
  private static func reason(_ path: String, _ run: RunConfiguration, _ facts: DataFacts?) -> String? {
    guard let facts else { return nil }
    switch path {
    case "data.targets" where !facts.hasClasses: return "the targets are values to regress"
    case "data.image" where !run.model.readsImages: return "only a cnn looks at the shape of images"
    case "data.subset" where run.written["data.examples"] == nil: return "there is no data.examples"
    case "data.path" where run.data.namesAllFiles: return "images, labels and the test files are named"
    case "measure.test" where facts.summary.testExamples == 0: return "there is no test set"
    default: return nil
    }
  }
}

extension ModelConfiguration {
  fileprivate var readsImages: Bool { if case .cnn = self { true } else { false } }
}

extension DataConfiguration {
  /// Whether single files are named, so that the folder does not matter.
  fileprivate var namesAllFiles: Bool {
    guard case .idx(let data) = self, data.images != nil else { return false }
    return data.testImages != nil || data.selection.testExamples == 0
  }
}

extension RunConfiguration {
  /// The whole number that a key is set to, if it is.
  fileprivate func whole(_ path: String) -> Int? {
    if case .integer(let value) = written[path] { value } else { nil }
  }
}
