internal import Files
internal import Problems
internal import Shards
internal import Training

/// The runs that stand in checkpoints, each with the newest that is whole.
struct SavedRuns: Sendable {
  /// A checkpoint.
  struct Place: Sendable {
    let path: String
    let steps: Int
  }

  /// The checkpoints, by the id of the run.
  let places: [String: Place]

  /// Looks into the checkpoints of a directory, but not into those that the memory knows.
  ///
  /// - Throws: a problem where the directory of checkpoints may not be read.
  init(_ directory: OutputDirectory, _ memory: inout ShardMemory) throws(Problem) {
    var places: [String: Place] = [:]
    for name in try directory.files(in: directory.checkpointsDirectory) {
      guard let id = CheckpointFiles.run(ofFile: name) else { continue }
      let path = "\(directory.checkpointsDirectory)/\(name)"
      // One that is not whole is told by whoever goes on from the other.
      guard case .runs(let runs) = memory.look(at: path), let run = runs.first, run.id == id,
        run.steps >= places[id]?.steps ?? 0
      else { continue }
      places[id] = Place(path: path, steps: run.steps)
    }
    self.places = places
  }
}

extension OutputDirectory {
  /// Removes the checkpoints of runs that have ended, and whose results are on disk: those that a kill has left.
  func removeCheckpoints(of ended: Set<String>) throws(Problem) {
    for run in Set(try files(in: checkpointsDirectory).compactMap(CheckpointFiles.run(ofFile:)))
    where ended.contains(run) {
      CheckpointFiles.remove(checkpointsDirectory, run: run)
    }
  }
}
