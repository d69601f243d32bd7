// The texts that a record keeps of a run's settings.

import Optimizers
import Schema
internal import Synchronization

/// Writes the settings of the runs of one reader.
///
/// Runs that follow each other differ in few keys: of a run like the one before, only the sections that differ are
/// written again.
final class RunTexts: Sendable {
  private let last = Mutex<Last?>(nil)

  private struct Last {
    let id: String
    let point: Point
    let unit: LearningRateUnit
    var settings: Settings
    var all: SettingsJSON
    /// What decides the weights step by step, as far as it is not at its default.
    var trajectory: SettingsJSON
  }

  /// The full resolved configuration as JSON.
  func configJSON(of run: RunConfiguration) -> String { written(run).all.text }

  /// The part of it that `RunConfiguration.trajectory` stands for.
  func trajectory(of run: RunConfiguration) -> String { written(run).trajectory.text }

  private func written(_ run: RunConfiguration) -> Last {
    last.withLock { last in
      if let last, last.id == run.id { return last }
      let next = last.flatMap { Self.written(run, after: $0) } ?? Self.written(run)
      last = next
      return next
    }
  }

  private static func written(_ run: RunConfiguration) -> Last {
    let settings = run.settings
    return Last(
      id: run.id, point: run.point, unit: run.learningRateUnit, settings: settings,
      all: SettingsJSON(settings, of: RunConfiguration.sections),
      trajectory: RunIdentity.json(of: settings) { run.isLeftOutOfTrajectory($0) })
  }

  /// Nil where the two runs are not alike.
  private static func written(_ run: RunConfiguration, after last: Last) -> Last? {
    guard let changed = run.point.changes(from: last.point), run.learningRateUnit == last.unit else {
      return nil
    }
    var (settings, all, trajectory) = (last.settings, last.all, last.trajectory)
    for assignment in changed { settings.replace(assignment.path, by: assignment.setting.value) }
    for section in Set(changed.map { KeyRegistry.key($0.path)?.section ?? "" }) {
      all.renew(section, of: settings) { _, _ in true }
      trajectory.renew(section, of: settings) { run.isLeftOutOfTrajectory($0) }
    }
    return Last(
      id: run.id, point: run.point, unit: last.unit, settings: settings, all: all, trajectory: trajectory)
  }
}
