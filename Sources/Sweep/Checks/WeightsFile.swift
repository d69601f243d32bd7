// A file of initial weights, as far as it is looked at before anything runs.

internal import Foundation
internal import HDF5
internal import Problems

enum WeightsFile {
  /// How many numbers dataset `weights` of a file holds; they are read when a run begins.
  static func count(_ path: String) throws(Problem) -> Int {
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let type = try? FileManager.default.attributesOfItem(atPath: target)[.type] as? FileAttributeType
    guard type == .typeRegular, FileManager.default.isReadableFile(atPath: target) else {
      throw Problem(
        "init.file", "there is no readable file \(path)",
        remedy: "correct the path, which is relative to \(FileManager.default.currentDirectoryPath)")
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
