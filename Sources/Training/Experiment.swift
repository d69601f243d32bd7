package import Datasets
package import Jobs
package import Learning
package import LinearAlgebra

/// What a run trains: its data, its network, and the objective made of them.
package struct Experiment<Scalar: RealScalar> {
  /// The configuration.
  package let run: RunConfiguration
  /// The examples.
  package let data: Dataset<Scalar>
  /// The network, made for the features and outputs of the data.
  package let model: any Model
  /// Loss and derivatives.
  package let objective: Objective<Scalar>

  /// Puts the parts together; data that is not given is read or made, and programs that are not there yet are compiled.
  ///
  /// - Throws: what is wrong with the data, the network or the loss.
  package init(
    _ run: RunConfiguration, data: Dataset<Scalar>? = nil, programs: ProgramCache<Scalar> = ProgramCache(),
    reduction: any GroupReduction = SoloReduction(), residualMemory: Int = .max
  ) throws {
    let data = try data ?? run.data.load(as: Scalar.self)
    self.run = run
    self.data = data
    let executables = try programs.executables(run, on: data)
    model = executables.model
    objective = try Objective(
      executables, data: data, blockSize: run.blockSize, reduction: reduction, residualMemory: residualMemory)
  }

  /// The parameter arrays of the network, by name and shape, as text.
  var network: String {
    model.layout.segments.map { "\($0.name) \($0.shape)" }.joined(separator: "; ")
  }

  /// The number of training examples.
  package var examples: Int { data.training.count }
  /// The number of examples of a step.
  package var batchSize: Int { run.batchSize.count(of: examples) }
}
