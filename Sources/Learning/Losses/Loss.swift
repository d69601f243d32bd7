/// What training minimises, averaged over the examples.
public enum Loss: String, Sendable, Hashable, CaseIterable {
  /// `0.5 * ||f(x) - y||^2`, summed over outputs. Default.
  case mse
  /// `logsumexp(f(x)) - y . f(x)` for one-hot targets; with one output and targets +1 and -1 the logistic loss
  /// `log(1 + exp(-y f(x)))`; needs classes.
  case crossEntropy = "cross-entropy"
}
