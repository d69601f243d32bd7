import Console
import Files
import Foundation
import HDF5
package import Jobs
import Learning
import LinearAlgebra
import Probes
package import Problems
import Spectra

/// Loss, gradient and top of the Hessian's spectrum of a run's objective at its first weights: for checks against other
/// programs, and for the curious.
package struct Evaluation {
  /// The id of the run.
  package let run: String
  /// The number of parameters.
  package let parameters: Int
  /// The mean loss over all training examples.
  package let loss: Double
  /// The fraction of them classified correctly; nil in regression.
  package let accuracy: Double?
  /// The same over the test examples; nil where there are none.
  package let test: (loss: Double, accuracy: Double?)?
  /// The Euclidean norm of the gradient over all training examples.
  package let gradientNorm: Double
  /// The largest eigenvalues of the Hessian over the measured examples, from the largest down.
  package let eigenvalues: [Double]
  /// Norms of `H v - lambda v`.
  package let residuals: [Double]
  /// Estimates of the errors of the eigenvalues.
  package let errors: [Double]
  /// Whether each residual reached the tolerance of the job.
  package let converged: [Bool]
  /// The Hessian products that took.
  package let products: Int
  /// Derivatives along directions, where they were asked for.
  package let directional: DirectionalDerivatives?
  /// The weights, the gradient and the eigenvectors, in double precision, which holds every other exactly.
  private let vectors: (weights: [Double], gradient: [Double], eigenvectors: [Double])

  /// Evaluates at the first weights of a run: those that `init.file` names, or random ones.
  ///
  /// - Throws: what is wrong with the data, the network, the weights or the directions.
  package init(
    _ run: RunConfiguration, residualMemory: Int, along directions: EvaluatedDirections = .none
  ) throws {
    switch run.precision {
    case .float: self = try Self.evaluate(run, residualMemory, directions, as: Float.self)
    case .double: self = try Self.evaluate(run, residualMemory, directions, as: Double.self)
    }
  }

  private static func evaluate<Scalar: RealScalar>(
    _ run: RunConfiguration, _ residualMemory: Int, _ directions: EvaluatedDirections, as: Scalar.Type
  ) throws -> Evaluation {
    let experiment = try Experiment<Scalar>(run, residualMemory: residualMemory)
    let (objective, weights) = (
      experiment.objective, try InitialWeights.make(for: run, model: experiment.model) as Vector<Scalar>
    )
    let gradient = Vector<Scalar>(count: weights.count)
    let full = try objective.gradient(at: weights, into: gradient)
    let measured = run.measure.batch(of: experiment.examples)
    let linearized = try objective.linearize(at: weights, batch: measured)
    let pairs = try run.measure.spectra.solver.largestEigenpairs(
      of: HessianOperator(linearized), random: Philox(seed: UInt64(run.seed), stream: .probes))
    let test = try objective.evaluateTest(at: weights)
    let along = try directions.vectors(pairs.vectors, parameters: weights.count)
    let directional = along.isEmpty ? nil : try DirectionalDerivatives(of: linearized, along: along)
    return Evaluation(
      run, full, test, gradient: gradient, pairs, directional, weights: weights)
  }

  private init<Scalar: RealScalar>(
    _ run: RunConfiguration, _ full: BatchLoss, _ test: BatchLoss?, gradient: Vector<Scalar>,
    _ pairs: Eigenpairs<Scalar>, _ directional: DirectionalDerivatives?, weights: Vector<Scalar>
  ) {
    self.run = run.id
    self.directional = directional
    parameters = weights.count
    (loss, accuracy) = (full.loss, full.accuracy)
    self.test = test.map { ($0.loss, $0.accuracy) }
    gradientNorm = gradient.norm
    (eigenvalues, residuals, errors) = (pairs.values, pairs.residuals, pairs.errors)
    (converged, products) = (pairs.converged, pairs.products)
    vectors = (
      weights.array.map { Double($0) }, gradient.array.map { Double($0) },
      pairs.vectors.flatMap { $0.array.map { Double($0) } }
    )
  }
}

// MARK: - Telling

extension Evaluation {
  /// The figures as people read them, with all their digits.
  package var text: String {
    var lines = [
      "run            \(run): \(Format.count(Double(parameters))) parameters", "loss           \(loss)",
    ]
    if let accuracy { lines.append("accuracy       \(accuracy)") }
    if let test {
      lines.append("test loss      \(test.loss)")
      if let accuracy = test.accuracy { lines.append("test accuracy  \(accuracy)") }
    }
    lines.append("gradient norm  \(gradientNorm)")
    for (index, value) in eigenvalues.enumerated() {
      let state = converged[index] ? "" : ", not converged"
      lines.append(
        "eigenvalue \(index)   \(value), residual \(String(format: "%.2g", residuals[index])), "
          + "error about \(String(format: "%.2g", errors[index]))\(state)")
    }
    lines.append("               \(Format.plural(products, "Hessian product"))")
    return (lines + (directional?.text ?? [])).joined(separator: "\n")
  }

  /// Writes everything to an HDF5 file: numbers, and datasets `weights`, `gradient` and `eigenvectors`, and of derivatives
  /// along directions `directions`, `hessian_products`, `pairs` and `third_derivatives`.
  ///
  /// - Throws: a problem that names the file.
  package func write(to path: String) throws {
    do {
      try AtomicFile.replace(path) { temporary in
        let file = try File(creating: temporary)
        try write(to: file.root)
        try file.close()
      }
    } catch let error as HDF5Error {
      throw Problem(path, "cannot be written: \(error)", remedy: "name another file")
    }
  }

  /// What says in a file that it is an evaluation.
  private static let format = "eos-sweep evaluation"

  /// Refuses a file that is there and was not written by `write`.
  package static func requireOwn(_ path: String) throws(Problem) {
    guard try FileKind.of(path) != .absent else { return }
    if let file = try? File(opening: path), (try? file.root.stringAttribute("format")) == format { return }
    throw Problem(path, "is there, and was not written by evaluate", remedy: "name another file")
  }

  private func write(_ value: Double?, as name: String, to root: borrowing Group) throws(HDF5Error) {
    guard let value else { return }
    try root.createDataset(name, of: Double.self, shape: []).write([value])
  }

  private func write(to root: borrowing Group) throws(HDF5Error) {
    try root.setAttribute("format", Self.format)
    try root.setAttribute("run", run)
    try write(loss, as: "loss", to: root)
    try write(accuracy, as: "accuracy", to: root)
    try write(test?.loss, as: "test_loss", to: root)
    try write(test?.accuracy, as: "test_accuracy", to: root)
    try write(gradientNorm, as: "gradient_norm", to: root)
    for (name, values) in [
      ("eigenvalues", eigenvalues), ("residuals", residuals), ("errors", errors),
      ("weights", vectors.weights), ("gradient", vectors.gradient),
    ] {
      try root.createDataset(name, of: Double.self, shape: [values.count]).write(values)
    }
    let count = parameters == 0 ? 0 : vectors.eigenvectors.count / parameters
    if count > 0 {
      try root.createDataset("eigenvectors", of: Double.self, shape: [count, parameters])
        .write(vectors.eigenvectors)
    }
    try directional?.write(to: root)
  }
}
