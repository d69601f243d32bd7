// The texts that a record keeps of a run's settings.

import Schema
internal import Synchronization

/// Writes down the settings of the runs of one reader, which have all keys outside of their points in common.
///
/// Runs that follow each other differ in few keys: of a run like the one before, only the sections that differ are
/// written again.
final class RunTexts: Sendable {
  private let last = Mutex<Texts?>(nil)

  private struct Texts {
    let id: String
    let point: Point
    let unit: LearningRateUnit
    let settings: Settings
    let all: SettingsJSON
    /// What decides the weights step by step, as far as it is not at its default.
    let trajectory: SettingsJSON
  }

  /// The full resolved configuration as JSON.
  func configJSON(of run: RunConfiguration) -> String { texts(of: run).all.text }

  /// The part of it that `RunConfiguration.trajectory` stands for.
  func trajectory(of run: RunConfiguration) -> String { texts(of: run).trajectory.text }

  private func texts(of run: RunConfiguration) -> Texts {
    last.withLock { last in
      if let last, last.id == run.id { return last }
      let texts = last.flatMap { Self.texts(of: run, after: $0) } ?? Self.texts(ofFirst: run)
      last = texts
      return texts
    }
  }

  private static func texts(ofFirst run: RunConfiguration) -> Texts {
    let settings = run.settings
    return Texts(
      id: run.id, point: run.point, unit: run.learningRateUnit, settings: settings,
      all: SettingsJSON(settings, of: RunConfiguration.sections),
      trajectory: RunIdentity.json(of: settings, leavingOut: run.isLeftOutOfTrajectory))
  }

  /// Nil where the two runs are not alike.
  private static func texts(of run: RunConfiguration, after last: Texts) -> Texts? {
    guard let changes = run.point.changes(from: last.point), run.learningRateUnit == last.unit else {
      return nil
    }
    var (settings, all, trajectory) = (last.settings, last.all, last.trajectory)
    for section in settings.replace(changes) {
      all.renew(section, of: settings, where: { _, _ in true })
      trajectory.renew(section, of: settings, leavingOut: run.isLeftOutOfTrajectory)
    }
    return Texts(
      id: run.id, point: run.point, unit: last.unit, settings: settings, all: all, trajectory: trajectory)
  }
}
