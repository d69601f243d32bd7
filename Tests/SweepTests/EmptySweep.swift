import Sweep
import TestSupport

/// The directory of a sweep that has not begun, in a folder that goes with the test.
func emptySweep(_ name: String = "sweep") throws -> (folder: TemporaryFolder, directory: OutputDirectory) {
  let folder = try TemporaryFolder()
  let directory = OutputDirectory(folder(name))
  try directory.create()
  return (folder, directory)
}
