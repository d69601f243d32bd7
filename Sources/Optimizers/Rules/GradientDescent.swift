internal import Schema

/// Gradient descent, `w -= eta g`.
enum GradientDescent: OptimizerRule {
  static let name = "gd"
  static let defaults: Hyperparameters = [:]
}
