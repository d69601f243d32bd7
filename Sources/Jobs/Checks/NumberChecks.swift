// Whether the numbers of a run still say the same in the precision in which it computes.

import Datasets
internal import Learning
internal import LinearAlgebra
internal import Optimizers
internal import Problems
import Schema

extension RunConfiguration {
  /// What is wrong with the run's numbers, each with its key; `hyperparameters` are those of its optimizer.
  func numberProblems(_ hyperparameters: [NumberOfKey]) -> [Problem] {
    switch precision {
    case .float: numberProblems(hyperparameters, as: Float.self)
    case .double: numberProblems(hyperparameters, as: Double.self)
    }
  }

  private func numberProblems<Scalar: RealScalar>(
    _ hyperparameters: [NumberOfKey], as _: Scalar.Type
  ) -> [Problem] {
    let unheld = numbers(hyperparameters).filter { !Scalar.holds($0.value) }.map {
      Problem(
        $0.key, "\($0.value) is out of range: \(Scalar.rangeText)",
        remedy: "write one of these"
          + Scalar.choose(float: ", or 'precision: double'", double: ""))
    }
    let rounded = hyperparameters.filter {
      $0.value < 1 && Scalar($0.value) >= 1 && Self.decays.contains($0.key)
    }.map {
      Problem(
        $0.key, "\($0.value) becomes 1 in single precision, which never forgets",
        remedy: "write \(Double(Float(1).nextDown)) or less, or 'precision: double'")
    }
    guard unheld.isEmpty else { return unheld + rounded }
    return rounded + [stepSizeProblem(as: Scalar.self), decayProblem].compactMap(\.self)
  }

  /// The numbers that enter arithmetic in the run's precision.
  private func numbers(_ hyperparameters: [NumberOfKey]) -> [NumberOfKey] {
    [("learning_rate", learningRate)] + hyperparameters + model.gains.map { ("model.gains", $0) }
      + (separation.map { [("data.separation", $0)] } ?? [])
  }

  private static let decays = [Hyperparameter.momentum, .beta1, .beta2].map(\.key.path)

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

/// A number and the key that sets it.
typealias NumberOfKey = (key: String, value: Double)

extension OptimizerConfiguration {
  /// Its numbers beside the step size.
  var numbers: [NumberOfKey] {
    hyperparameters.present.compactMap { parameter in
      guard case .real(let value)? = hyperparameters[value: parameter] else { return nil }
      return (parameter.key.path, value)
    }
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
