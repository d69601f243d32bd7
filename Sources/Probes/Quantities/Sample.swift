/// Mean and error of independent draws of one random number.
struct Sample {
  /// The mean.
  let mean: Double
  /// The standard error of the mean, from the unbiased variance; NaN of a single draw.
  let standardError: Double

  init(_ draws: [Double]) {
    let count = Double(draws.count)
    let mean = draws.reduce(0, +) / count
    let squares = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    standardError = draws.count > 1 ? (squares / (count * (count - 1))).squareRoot() : .nan
  }
}
