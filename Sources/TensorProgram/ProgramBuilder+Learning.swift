// The formulas of learning, in terms of the operations: activations, the affine layer, losses.

extension ProgramBuilder {
  /// The hyperbolic tangent.
  public mutating func tanh(_ x: Value) -> Value { map(.tanh, x) }

  /// `1 / (1 + exp(-x))`.
  public mutating func sigmoid(_ x: Value) -> Value { map(.sigmoid, x) }

  /// `log(1 + exp(x))`.
  public mutating func softplus(_ x: Value) -> Value { map(.softplus, x) }

  /// `max(x, 0)`, with derivative 0 at 0.
  public mutating func relu(_ x: Value) -> Value { map(.clamp(lower: 0, upper: .infinity), x) }

  /// `min(max(x, -1), 1)`, with derivative 0 at -1 and 1.
  public mutating func hardtanh(_ x: Value) -> Value { map(.clamp(lower: -1, upper: 1), x) }

  /// `x` where positive, else `exp(x) - 1`.
  ///
  /// Written `(x - m) + expm1(m)` with `m = min(x, 0)`, so that the derivative at 0 is 1.
  public mutating func elu(_ x: Value) -> Value {
    let negativePart = map(.clamp(lower: -.infinity, upper: 0), x)
    let positivePart = subtract(x, negativePart)
    let decay = map(.expm1, negativePart)
    return add(positivePart, decay)
  }

  /// `x Phi(x)` with the normal distribution function `Phi(x) = (1 + erf(x / sqrt 2)) / 2`.
  ///
  /// Reference: Hendrycks, Gimpel, Gaussian Error Linear Units, 2016, arXiv 1606.08415.
  public mutating func gelu(_ x: Value) -> Value {
    let scaled = scale(x, by: 0.5.squareRoot())
    let erf = map(.erf, scaled)
    let shifted = offset(erf, by: 1)
    let probability = scale(shifted, by: 0.5)
    return multiply(x, probability)
  }

  /// `x W^T + b` for rows `x: [n, in]`, `weight: [out, in]`, `bias: [out]`.
  public mutating func affine(_ x: Value, weight: Value, bias: Value? = nil) -> Value {
    let product = matmul(x, weight, transposeRight: true)
    guard let bias else { return product }
    let repeated = broadcast(bias, to: type(of: product).shape, axes: [1])
    return add(product, repeated)
  }

  /// `1/2 sum (prediction - target)^2` over all elements.
  public mutating func squaredError(_ prediction: Value, _ target: Value) -> Value {
    let residual = subtract(prediction, target)
    let square = multiply(residual, residual)
    let total = sum(square)
    return scale(total, by: 0.5)
  }

  /// Softmax cross-entropy, summed over examples: `logits` and `target` are `[n, classes]`, each row of
  /// `target` a distribution.
  ///
  /// With the largest logit of a row, `a_m`, the loss is
  ///
  ///     log(1 + sum over j != m of exp(a_j - a_m)) + sum over j != m of y_j (a_m - a_j)
  ///
  /// No digit is lost, however well or badly an example is fitted: nothing overflows, all terms have one sign, and in
  /// the derivatives the class `m`, whose probability may be nearly 1, appears only as minus the sum of the others.
  public mutating func crossEntropy(logits: Value, target: Value) -> Value {
    let largest = markLargest(logits)
    let others = offset(scale(largest, by: -1), by: 1)
    let top = sum(multiply(largest, logits), axes: [1])
    let repeated = broadcast(top, to: type(of: logits).shape, axes: [0])
    let distances = subtract(logits, repeated)
    let odds = sum(multiply(map(.exp, distances), others), axes: [1])
    let missed = multiply(target, others)
    let misses = sum(multiply(missed, distances), axes: [1])
    let losses = subtract(map(.log1p, odds), misses)
    return sum(losses)
  }

  /// Logistic loss `log(1 + exp(-target * logit))`, summed over all elements; targets are +1 and -1.
  public mutating func logisticLoss(logits: Value, target: Value) -> Value {
    let margin = multiply(logits, target)
    let negative = scale(margin, by: -1)
    let losses = softplus(negative)
    return sum(losses)
  }
}
