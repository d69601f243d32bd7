import Datasets
import JobFixtures
import Probes
import Foundation
import Learning
import Optimizers
import Schema
import TestSupport
import Testing

@testable import Jobs

@Suite struct KeyRegistryTests {
  private func run(_ data: String, _ model: String, _ optimizer: String) throws -> RunConfiguration {
    try JobText.plan(JobText.with("data: \(data)", "model: \(model)", "optimizer: \(optimizer)")).runs[0]
  }

  /// A run whose files are not looked at.
  private func settings(_ data: String) throws -> RunConfiguration {
    let root = try JobNode.parse(yaml: JobText.with("data: \(data)"), file: "job.yaml")
    var expansion = GridExpansion(log: ProblemLog(file: "job.yaml"))
    let shared = PlacedSettings(expansion.shared(root.entries ?? []))
    return RunConfiguration(shared: shared, point: [])
  }

  @Test func `defaults of job files are the defaults of the types`() throws {
    let first = try run("chebyshev", "mlp", "rmsprop")
    #expect(first.data == .chebyshev(ChebyshevData()))
    #expect(first.model == .mlp(MLPConfiguration()))
    #expect(first.optimizer == OptimizerConfiguration("rmsprop"))
    let second = try run("deep-linear", "deep-linear", "adam")
    #expect(second.data == .deepLinear(DeepLinearData()))
    #expect(second.model == .deepLinear(DeepLinearConfiguration()))
    for name in OptimizerConfiguration.names {
      #expect(try run("gaussian-mixture", "mlp", name).optimizer == OptimizerConfiguration(name))
    }
    #expect(try run("gaussian-mixture", "mlp", "gd").data == .gaussianMixture(GaussianMixtureData()))
    #expect(try settings("{name: cifar10, path: p}").data == .cifar10(CIFAR10Data(path: "p")))
    #expect(try settings("{name: hdf5, path: p}").data == .hdf5(HDF5Data(path: "p")))
    #expect(try settings("{name: idx, path: p}").data == .idx(IDXData(path: "p")))
  }

  @Test func `every default lies in the range of its key`() throws {
    for key in KeyRegistry.keys {
      for value in key.defaults.compactMap(\.value) {
        let node = try #require(JobNode.parse(yaml: "x: \(value.text)", file: "x")["x"])
        #expect(try key.value(of: node) == value, "\(key.path)")
      }
    }
  }

  @Test func `every key stands in a known section and is explained`() {
    for key in KeyRegistry.keys {
      #expect(KeyRegistry.isSection(key.section), "\(key.path)")
      #expect(key.about.hasSuffix("."), "\(key.path)")
    }
    #expect(Set(KeyRegistry.keys.map(\.path)).count == KeyRegistry.keys.count)
  }
}
