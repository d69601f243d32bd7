// Whether the numbers of a run still say the same in the precision in which it computes.

import Datasets
internal import Learning
internal import LinearAlgebra
internal import Optimizers
internal import Problems
import Schema

extension RunConfiguration {
  /// What is wrong with the run's numbers, each with its key.
  var numberProblems: [Problem] {
    switch precision {
    case .float: numberProblems(as: Float.self)
    case .double: numberProblems(as: Double.self)
    }
  }

  private func numberProblems<Scalar: RealScalar>(as _: Scalar.Type) -> [Problem] {
    let unheld = numbers.filter { !Scalar.holds($0.value) }.map {
      Problem(
        $0.key, "\($0.value) is out of range: \(Scalar.rangeText)",
        remedy: "write one of these"
          + Scalar.choose(float: ", or 'precision: double'", double: ""))
    }
    let rounded = decays.filter { $0.value < 1 && Scalar($0.value) >= 1 }.map {
      Problem(
        $0.key, "\($0.value) becomes 1 in single precision, which never forgets",
        remedy: "write \(Double(Float(1).nextDown)) or less, or 'precision: double'")
    }
    guard unheld.isEmpty else { return unheld + rounded }
    return rounded + [stepSizeProblem(as: Scalar.self), decayProblem].compactMap(\.self)
  }

  /// The numbers that enter arithmetic in the run's precision.
  private var numbers: [(key: String, value: Double)] {
    [("learning_rate", learningRate)] + hyperparameters + model.gains.map { ("model.gains", $0) }
      + (separation.map { [("data.separation", $0)] } ?? [])
  }

  private var hyperparameters: [(key: String, value: Double)] {
    optimizer.hyperparameters.present.compactMap { parameter in
      guard case .real(let value)? = optimizer.hyperparameters[value: parameter] else { return nil }
      return (parameter.key.path, value)
    }
  }

  private var decays: [(key: String, value: Double)] {
    let names = [Hyperparameter.momentum, .beta1, .beta2].map(\.key.path)
    return hyperparameters.filter { names.contains($0.key) }
  }

  private var separation: Double? {
    if case .gaussianMixture(let data) = data { data.separation } else { nil }
  }

  /// Critical step sizes are known, and looked at, once they are measured.
  private func stepSizeProblem<Scalar: RealScalar>(as _: Scalar.Type) -> Problem? {
    guard learningRateUnit == .absolute else { return nil }
    let factors = schedule.extremes(steps: stop.steps)
    for factor in [factors.smallest, factors.largest] where !Scalar.holds(learningRate * factor) {
      return Problem(
        "learning_rate",
        "with the schedule's factor \(factor) it is \(learningRate * factor), but \(Scalar.rangeText)",
        remedy: "write another step size or schedule")
    }
    return nil
  }

  /// Decoupled decay multiplies the weights by `1 - eta delta` in every step, whatever the loss.
  private var decayProblem: Problem? {
    let largest = learningRate * schedule.extremes(steps: stop.steps).largest
    guard learningRateUnit == .absolute, largest * optimizer.decay.decoupled >= 2 else { return nil }
    let key = written["optimizer.weight_decay"] == nil ? "learning_rate" : "optimizer.weight_decay"
    return Problem(
      key,
      "a step size of \(largest) times a weight decay of \(optimizer.decay.decoupled) is 2 or more: the decay alone is "
        + "unstable, whatever the loss",
      remedy: "write a weight decay below \(2 / largest), or smaller step sizes")
  }
}

extension ModelConfiguration {
  /// The factors on the initial weights.
  fileprivate var gains: [Double] {
    switch self {
    case .mlp(let mlp): mlp.gains
    case .cnn(let cnn): cnn.gains
    case .deepLinear: []
    }
  }
}
