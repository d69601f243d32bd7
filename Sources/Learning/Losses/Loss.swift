import Datasets
import Problems
package import Schema
import TensorProgram

/// What training minimises, averaged over the examples.
public enum Loss: String, Sendable, Hashable, CaseIterable {
  /// `0.5 * ||f(x) - y||^2`, summed over outputs. Default.
  case mse
  /// `logsumexp(f(x)) - y . f(x)` for one-hot targets; with one output and targets +1 and -1 the logistic loss
  /// `log(1 + exp(-y f(x)))`; needs classes.
  case crossEntropy = "cross-entropy"

  /// Appends the sum of the loss over the examples: `outputs`, `targets [n, k] -> []`.
  func appendSum(to builder: inout ProgramBuilder, outputs: Value, targets: Value) -> Value {
    let isBinary = builder.type(of: outputs).shape[1] == 1
    return switch self {
    case .mse: builder.squaredError(outputs, targets)
    case .crossEntropy where isBinary: builder.logisticLoss(logits: outputs, target: targets)
    case .crossEntropy: builder.crossEntropy(logits: outputs, target: targets)
    }
  }

  /// Throws where this loss does not fit what the targets mean.
  func check(_ task: LearningTask) throws(Problem) {
    guard self == .crossEntropy, task == .regression else { return }
    throw Problem("loss", "is cross-entropy, but the targets are values, not classes", remedy: "use mse")
  }
}

extension Loss: SettingValue {
  /// The key `loss`.
  package static let key = Key(
    "loss", .choice(of: Loss.self), default: "mse",
    about:
      "What training minimises, averaged over the examples: `mse` is half the squared error summed over outputs, `cross-entropy` the cross-entropy of the softmax (with `signed` targets the logistic loss)."
  )
}
