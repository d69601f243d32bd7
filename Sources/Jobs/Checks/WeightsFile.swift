// A file of initial weights, as far as it is looked at before anything runs.

import Datasets
internal import HDF5
internal import Problems

enum WeightsFile {
  /// How many numbers dataset `weights` of a file holds; they are read when a run begins.
  static func count(_ path: String) throws(Problem) -> Int {
    let source = DataFile(key: "init.file", path: path)
    let file = try source.openHDF5()
    let weights = try StoredArray(
      "weights", in: file.root, of: source,
      remedy: "store the weights under that name, in PyTorch's order")
    return weights.shape.reduce(1, &*)
  }
}
