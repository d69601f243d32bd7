// A file of initial weights, as far as it is looked at before anything runs.

internal import Files
internal import Foundation
internal import HDF5
internal import Problems

enum WeightsFile {
  /// How many numbers dataset `weights` of a file holds; they are read when a run begins.
  static func count(_ path: String) throws(Problem) -> Int {
    guard (try? FileKind.of(path)) == .regular, FileManager.default.isReadableFile(atPath: path) else {
      throw Problem(
        "init.file", "there is no readable file \(path)",
        remedy: UserPath.remedyWhereAbsent(path))
    }
    let count: Int?
    do { count = try numbers(path) } catch {
      throw Problem(
        "init.file", "\(path) cannot be read: \(error.reason)",
        remedy: "give an HDF5 file with a dataset 'weights'")
    }
    guard let count else {
      throw Problem(
        "init.file", "\(path) has no dataset 'weights' of numbers",
        remedy: "store the weights under that name, in PyTorch's order")
    }
    return count
  }

  /// The size of the dataset; nil where there is none of numbers.
  private static func numbers(_ path: String) throws(HDF5Error) -> Int? {
    let file = try File(opening: path)
    guard try file.root.contains("weights") else { return nil }
    let weights = try file.root.openDataset("weights")
    return try weights.elementType == .string ? nil : weights.shape.reduce(1, &*)
  }
}
