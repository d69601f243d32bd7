import Foundation
import Optimizers
import Schema

/// Updates after the papers, element by element in `Double`: what the optimizers are checked against.
struct ReferenceUpdate {
  private let name: String
  private let parameters: Hyperparameters
  private let shapes: [[Int]]
  var weights: [Double]
  /// First moments, second moments, and a third vector where there is one.
  private var m: [Double]
  private var v: [Double]
  private var s: [Double]
  private var t = 0
  /// NAdam's product of momenta.
  private var momenta = 1.0

  init(_ configuration: OptimizerConfiguration, weights: [Double], shapes: [[Int]]) {
    (name, parameters) = (configuration.name, configuration.hyperparameters)
    (self.weights, self.shapes) = (weights, shapes)
    (m, v, s) = (weights.map { _ in 0 }, weights.map { _ in 0 }, weights.map { _ in 0 })
    if let start = real(.initialAccumulator) { v = weights.map { _ in start } }
  }

  private func real(_ parameter: Hyperparameter) -> Double? {
    if case .real(let value) = parameters[value: parameter] { value } else { nil }
  }
  private func flag(_ parameter: Hyperparameter) -> Bool { parameters[value: parameter] == .flag(true) }
  private var momentum: Double { real(.momentum) ?? 0 }
  private var beta1: Double { real(.beta1) ?? 0 }
  private var beta2: Double { real(.beta2) ?? 0 }
  private var epsilon: Double { real(.epsilon) ?? 0 }

  mutating func step(_ gradient: [Double], learningRate eta: Double) {
    t += 1
    let decay = real(.weightDecay) ?? 0
    let isDecoupled = name == "adamw"
    let g = zip(gradient, weights).map { $0 + (isDecoupled ? 0 : decay * $1) }
    let d = direction(g)
    for i in weights.indices {
      if isDecoupled { weights[i] -= eta * decay * weights[i] }
      weights[i] -= eta * d[i]
    }
  }

  private mutating func direction(_ g: [Double]) -> [Double] {
    switch name {
    case "gd": return g
    case "heavy-ball":
      m = zip(m, g).map { momentum * $0 + $1 }
      return m
    case "nesterov":
      m = zip(m, g).map { momentum * $0 + $1 }
      return zip(g, m).map { $0 + momentum * $1 }
    case "ema-heavy-ball", "qhm":
      m = average(m, g, momentum)
      let nu = real(.nu) ?? 1
      return zip(g, m).map { (1 - nu) * $0 + nu * $1 / correction(momentum) }
    case "scalar-rmsprop":
      v = average(v, v.map { _ in g.reduce(0) { $0 + $1 * $1 } }, beta2)
      return zip(g, v).map { $0 / (($1 / correction(beta2)).squareRoot() + epsilon) }
    case "adagrad":
      v = zip(v, g).map { $0 + $1 * $1 }
      return zip(g, v).map { $0 / ($1.squareRoot() + epsilon) }
    case "adadelta": return adadelta(g)
    case "adafactor":
      m = average(m, g, beta1)
      return zip(m, adafactorDivisors(g)).map { $0 / correction(beta1) / $1 }
    case "nadam": return nadam(g)
    default: return adam(g)
    }
  }

  private func average(_ old: [Double], _ new: [Double], _ beta: Double) -> [Double] {
    zip(old, new).map { beta * $0 + (1 - beta) * $1 }
  }

  private func correction(_ beta: Double) -> Double {
    flag(.biasCorrection) ? 1 - (0..<t).reduce(1) { power, _ in power * beta } : 1
  }

  /// RMSProp, Adam, AdamW, AMSGrad, Padam.
  private mutating func adam(_ g: [Double]) -> [Double] {
    m = average(m, g, beta1)
    v = average(v, g.map { $0 * $0 }, beta2)
    s = zip(s, v).map(max)
    let second = name == "amsgrad" || flag(.runningMaximum) ? s : v
    let exponent = real(.exponent) ?? 0.5
    return zip(m, second).map {
      $0 / correction(beta1) / (pow($1 / correction(beta2), exponent) + epsilon)
    }
  }

  private mutating func nadam(_ g: [Double]) -> [Double] {
    let psi = real(.momentumDecay) ?? 0
    func mu(_ t: Int) -> Double { psi == 0 ? beta1 : beta1 * (1 - 0.5 * pow(0.96, Double(t) * psi)) }
    m = average(m, g, beta1)
    v = average(v, g.map { $0 * $0 }, beta2)
    momenta *= mu(t)
    let isCorrected = flag(.biasCorrection)
    let (now, next) = isCorrected ? (1 - momenta, 1 - momenta * mu(t + 1)) : (1, 1)
    return weights.indices.map { i in
      let numerator = (1 - mu(t)) * g[i] / now + mu(t + 1) * m[i] / next
      return numerator / ((v[i] / correction(beta2)).squareRoot() + epsilon)
    }
  }

  private mutating func adadelta(_ g: [Double]) -> [Double] {
    v = average(v, g.map { $0 * $0 }, beta2)
    let d = weights.indices.map { (s[$0] + epsilon).squareRoot() / (v[$0] + epsilon).squareRoot() * g[$0] }
    s = average(s, d.map { $0 * $0 }, beta2)
    return d
  }

  /// Matrix by matrix; row means are kept in `v`, column means in `s`, at every element of their row or column.
  private mutating func adafactorDivisors(_ g: [Double]) -> [Double] {
    let schedule = real(.decayRate)
    let beta2 = schedule.map { 1 - pow(Double(t), -$0) } ?? beta2
    let corrected = schedule == nil ? correction(beta2) : 1
    var divisors: [Double] = []
    for shape in shapes {
      let rows = shape.count > 1 ? shape[0] : 1
      let columns = shape.reduce(1, *) / rows
      let offset = divisors.count
      func at(_ i: Int, _ j: Int) -> Int { offset + i * columns + j }
      let squares = g.map { $0 * $0 + epsilon }
      let rowMeans = (0..<rows).map { i in
        (0..<columns).reduce(0) { $0 + squares[at(i, $1)] } / Double(columns)
      }
      let columnMeans = (0..<columns).map { j in
        (0..<rows).reduce(0) { $0 + squares[at($1, j)] } / Double(rows)
      }
      for i in 0..<rows {
        for j in 0..<columns {
          v[at(i, j)] = beta2 * v[at(i, j)] + (1 - beta2) * rowMeans[i]
          s[at(i, j)] = beta2 * s[at(i, j)] + (1 - beta2) * columnMeans[j]
        }
      }
      let overall = (0..<rows).reduce(0) { $0 + v[at($1, 0)] } / Double(rows)
      let elements = offset..<offset + rows * columns
      var block = elements.map { (v[$0] * s[$0] / overall / corrected).squareRoot() }
      if let limit = real(.clip) {
        let size = rootMeanSquare(zip(elements, block).map { g[$0] / $1 })
        block = block.map { $0 * max(1, size / limit) }
      }
      if flag(.relativeStep) {
        let size = rootMeanSquare(elements.map { weights[$0] })
        block = block.map { $0 / max(1e-3, size) }
      }
      divisors += block
    }
    return divisors
  }

  private func rootMeanSquare(_ values: [Double]) -> Double {
    (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
  }
}
