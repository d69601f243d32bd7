#if arch(x86_64)
  import Glibc
  import LinearAlgebra
  import TensorProgram
  import Testing

  /// Cross-entropy of given logits in both precisions against the plain formulas in more than double precision: loss,
  /// gradient, Hessian product and third derivative keep their digits, however well or badly the examples are fitted.
  @Suite struct CrossEntropyPrecisionTests {
    /// How the rows of logits are made.
    enum Rows: Sendable, CustomTestStringConvertible {
      /// Every example has about this loss.
      case fitted(Double)
      /// One wrong class is ahead of the target by so much.
      case missed(Double)
      /// Logits of a normal distribution with this deviation.
      case spread(Double)
      /// Two classes, one of them the target, are equal up to a rounding.
      case tied

      var testDescription: String { "\(self)" }
    }

    static let cases: [(rows: Rows, classes: Int)] = [
      (.fitted(1e-6), 2), (.missed(5), 2), (.tied, 2),
      (.fitted(0.5), 10), (.fitted(1e-3), 10), (.fitted(1e-6), 10), (.fitted(1e-8), 10), (.missed(5), 10),
      (.missed(60), 10), (.spread(1), 10), (.spread(30), 10), (.tied, 10),
      (.fitted(1e-6), 100), (.missed(60), 100), (.spread(1), 100),
    ]

    private static let examples = 16

    private struct Problem<Scalar: RealScalar> {
      var logits: [Scalar]
      var targets: [Int]
      let classes: Int
    }

    private static func problem<Scalar: RealScalar>(_ kind: Rows, classes: Int) -> Problem<Scalar> {
      let random = Philox(seed: 3, stream: .data, substream: UInt32(classes))
      func normal(_ row: Int, _ column: Int) -> Double { random.normal(UInt64(row * 200 + column)) }
      var problem = Problem<Scalar>(logits: [], targets: [], classes: classes)
      for row in 0..<examples {
        let (target, level) = (row % classes, 10 * normal(row, 150))
        problem.targets.append(target)
        for column in 0..<classes {
          let isTarget = column == target, isFirstOther = column == (target + 1) % classes
          let logit: Double =
            switch kind {
            case .fitted(let loss):
              isTarget ? level : level + log(loss / Double(classes - 1)) + 0.3 * normal(row, column)
            case .missed(let gap):
              isFirstOther ? level + gap : level - (isTarget ? 0 : 1 + abs(normal(row, column)))
            case .spread(let size): size * normal(row, column)
            case .tied: isTarget || isFirstOther ? level : level - 8 + normal(row, column)
            }
          problem.logits.append(Scalar(logit))
        }
        if case .tied = kind, row % 2 == 0 {
          problem.logits[row * classes + target] = problem.logits[row * classes + target].nextUp
        }
      }
      return problem
    }

    @Test(arguments: cases)
    func everyDerivativeKeepsItsDigits(kind: Rows, classes: Int) throws {
      try check(Self.problem(kind, classes: classes) as Problem<Float>, tolerance: 5e-6)
      try check(Self.problem(kind, classes: classes) as Problem<Double>, tolerance: 4e-14)
    }

    private func check<Scalar: RealScalar>(_ problem: Problem<Scalar>, tolerance: Double) throws {
      let shape = [Self.examples, problem.classes]
      var builder = ProgramBuilder(name: "cross-entropy")
      let logits = builder.input("a", TensorType(shape, kind(Scalar.self)))
      let target = builder.input("y", TensorType(shape, kind(Scalar.self)))
      builder.output("loss", builder.crossEntropy(logits: logits, target: target))
      let program = builder.build()
      let gradient = program.gradient(withRespectTo: ["a"])
      let product = gradient.pushforward(withRespectTo: ["a"], outputs: ["a"], prefix: "u.")
      let third = program.thirdDerivative(withRespectTo: ["a"])

      let count = problem.logits.count
      let oneHot = Vector<Scalar>(count: count)
      for (row, target) in problem.targets.enumerated() { oneHot[row * problem.classes + target] = 1 }
      let (a, u, v) = (Vector(problem.logits), Vector<Scalar>(count: count), Vector<Scalar>(count: count))
      Philox(seed: 1, stream: .probes).fillNormal(u.all)
      Philox(seed: 2, stream: .probes).fillNormal(v.all)
      let first = try run(product, [a, oneHot, u])
      let second = try run(third, [a, oneHot, u, v])[0]

      let (uArray, vArray) = (u.array, v.array)
      let exact = problem.targets.indices.map { row in
        let places = row * problem.classes..<(row + 1) * problem.classes
        return Exact(problem.logits[places], target: problem.targets[row], uArray[places], vArray[places])
      }
      let loss = exact.reduce(0) { $0 + $1.loss }
      #expect(abs(Float80(first[0][0]) - loss) <= Float80(tolerance) * loss, "loss")
      for (row, exact) in exact.enumerated() {
        let places = row * problem.classes..<(row + 1) * problem.classes
        agree(first[1][places], exact.gradient, tolerance, "gradient of row \(row)")
        agree(first[2][places], exact.product, tolerance, size: exact.productSize, "product of row \(row)")
        agree(second[places], exact.third, tolerance, size: exact.thirdSize, "third derivative of row \(row)")
      }
    }

    /// Relative to the largest element of the row, or to another size; below the smallest normal numbers there are no
    /// digits to keep.
    private func agree<Scalar: RealScalar>(
      _ values: ArraySlice<Scalar>, _ exact: [Float80], _ tolerance: Double, size: Float80 = 0,
      _ what: Comment
    ) {
      let largest = exact.reduce(size) { max($0, abs($1)) }
      let limit = Float80(tolerance) * largest + 100 * Float80(Scalar.leastNormalMagnitude)
      let worst = zip(values, exact).reduce(0) { max($0, abs(Float80($1.0) - $1.1)) }
      #expect(worst <= limit, what)
    }
  }

  /// The textbook formulas for one row in 64 bits of precision.
  private struct Exact {
    let loss: Float80
    let gradient: [Float80]
    let product: [Float80]
    let third: [Float80]
    /// The sizes of the terms of the product and of the third derivative, which may cancel one another.
    let productSize: Float80
    let thirdSize: Float80

    init<Scalar: RealScalar>(
      _ logits: ArraySlice<Scalar>, target: Int, _ u: ArraySlice<Scalar>, _ v: ArraySlice<Scalar>
    ) {
      let a = logits.map { Float80($0) - Float80(logits[logits.startIndex + target]) }
      let others = a.indices.filter { $0 != target }
      let odds = others.reduce(Float80(0)) { $0 + exp(a[$1]) }
      loss = log1p(odds)
      let p = a.map { exp($0) / (1 + odds) }
      gradient = a.indices.map { $0 == target ? -odds / (1 + odds) : p[$0] }
      // Covariances do not change when a constant is subtracted; that of the likeliest class costs no digits.
      let likeliest = p.indices.max { p[$0] < p[$1] } ?? 0
      let x = u.map { Float80($0) - Float80(u[u.startIndex + likeliest]) }
      let y = v.map { Float80($0) - Float80(v[v.startIndex + likeliest]) }
      func mean(_ values: [Float80]) -> Float80 { zip(p, values).reduce(0) { $0 + $1.0 * $1.1 } }
      let (mx, my) = (mean(x), mean(y))
      product = zip(p, x).map { $0 * ($1 - mx) }
      productSize = zip(p, x).reduce(0) { $0 + $1.0 * abs($1.1) }
      let covariance = mean(zip(x, y).map { ($0 - mx) * ($1 - my) })
      third = p.indices.map { p[$0] * ((x[$0] - mx) * (y[$0] - my) - covariance) }
      thirdSize = p.indices.reduce(0) { $0 + p[$1] * (abs((x[$1] - mx) * (y[$1] - my)) + abs(covariance)) }
    }
  }
#endif
