import CVectorKernels
import LinearAlgebra
import TensorProgram

/// Where the time of a program goes.
public struct ProgramProfile: Sendable {
  /// A group of steps that run together: a product, a chain over tiles, or another kernel.
  public struct Group: Sendable {
    /// The operations, in order; a product by its sizes.
    public let text: String
    /// Whether the group is a matrix product.
    public let isProduct: Bool
    /// The number of multiplications and additions of a product or convolution.
    public let flops: Double
    /// What is read and written of values that are longer than a tile, each once, in bytes.
    public let byteCount: Int
    /// The time of one run.
    public internal(set) var seconds = 0.0
    /// What limits the time of a run, measured on memory of its own, again and again; nil until measured.
    ///
    /// The time that a product takes alone, for a convolution that of products of its windows, as if they had been
    /// copied, image by image; for other groups the time of a copy that moves as many bytes.
    public internal(set) var limitSeconds: Double?
  }

  /// The name of the program.
  public let name: String
  /// The number of its instructions.
  public let instructionCount: Int
  /// The number of kernel calls that these make over whole arrays.
  public let stepCount: Int
  /// The memory for intermediate values.
  public let arenaByteCount: Int
  /// What runs together, in order.
  public internal(set) var groups: [Group]
  /// How often the program has run for these times, which are means.
  public internal(set) var runCount = 0

  /// The time of one run.
  public var seconds: Double { groups.reduce(0) { $0 + $1.seconds } }
  /// The time of the products of one run, each alone.
  public var productLimitSeconds: Double {
    groups.reduce(0) { $0 + ($1.isProduct ? $1.limitSeconds ?? 0 : 0) }
  }
  /// Whether products are all that has flops.
  public var computesProductsOnly: Bool { groups.allSatisfy { $0.isProduct || $0.flops == 0 } }
}

extension Executable {
  /// What runs, without any times.
  public func makeProfile() -> ProgramProfile {
    ProgramProfile(
      name: program.name, instructionCount: program.instructions.count, stepCount: unsafe steps.count,
      arenaByteCount: arenaByteCount, groups: groupRange.map { describe(steps(of: $0)) })
  }

  /// Runs as `run` does, with a look at the clock after every group.
  public func run(_ bindings: Bindings<Scalar>, timing profile: inout ProgramProfile) {
    profile.runCount += 1
    let clock = ContinuousClock()
    var start = clock.now
    for index in groupRange {
      runGroup(index, bindings)
      let end = clock.now
      let seconds = start.duration(to: end) / .seconds(1)
      profile.groups[index].seconds += (seconds - profile.groups[index].seconds) / Double(profile.runCount)
      start = end
    }
  }

  /// Measures what limits each group, spending about `budget` seconds on each kind.
  public func measureLimits(_ profile: inout ProgramProfile, budget: Double) {
    var products: [MatrixProduct: Double] = [:]
    var copies: [Int: Double] = [:]
    for index in groupRange {
      if let (product, count) = arithmetic(of: steps(of: index)[0]) {
        let seconds = products[product] ?? Self.secondsAlone(product, budget: budget)
        products[product] = seconds
        profile.groups[index].limitSeconds = Double(count) * seconds
      } else {
        let count = profile.groups[index].byteCount
        let seconds = copies[count] ?? Self.secondsOfCopy(byteCount: count, budget: budget / 4)
        copies[count] = seconds
        profile.groups[index].limitSeconds = seconds
      }
    }
  }

  private var groupRange: Range<Int> { unsafe groups.indices }

  private func steps(of group: Int) -> [Step] { unsafe groups[group].steps.map { unsafe steps[$0] } }

  private func describe(_ steps: [Step]) -> ProgramProfile.Group {
    ProgramProfile.Group(
      text: steps.map { text(of: $0) }.joined(separator: ", "), isProduct: steps[0].product != nil,
      flops: steps.reduce(0) { $0 + flops(of: $1) }, byteCount: byteCount(steps))
  }

  /// The operation that a step belongs to; products by their sizes.
  private func text(of step: Step) -> String {
    if let product = step.product { return product.text }
    return step.instruction.map { program.instructions[$0].operation.name } ?? "copy"
  }

  /// The matrix product that does a step's arithmetic, and how many of them it takes.
  private func arithmetic(of step: Step) -> (product: MatrixProduct, count: Int)? {
    if let product = step.product { return (product, 1) }
    guard case .convolve(_, let shape, _) = step.kernel, let index = step.instruction,
      case .convolve(_, let role) = program.instructions[index].operation
    else { return nil }
    return (shape.product(role), shape.examples)
  }

  private func flops(of step: Step) -> Double {
    guard let (product, count) = arithmetic(of: step) else { return 0 }
    return 2 * Double(product.rows) * Double(product.columns) * Double(product.depth) * Double(count)
  }

  private func byteCount(_ steps: [Step]) -> Int {
    let values = Set(steps.flatMap(\.values)).filter { !locals.contains($0) }
    return values.reduce(0) { $0 + counts[$1] } * MemoryLayout<Scalar>.stride
  }

  private static func secondsAlone(_ product: MatrixProduct, budget: Double) -> Double {
    let operands = [product.rows * product.depth, product.depth * product.columns].map { count in
      let vector = Vector<Scalar>(count: count)
      Philox(seed: 0, stream: .data).fillUniform(vector.all)
      return vector
    }
    let result = Vector<Scalar>(count: product.rows * product.columns)
    return secondsPerCall(budget) { product.multiply(operands[0].all, operands[1].all, into: result.all) }
  }

  /// Half of the bytes are read, the other half written.
  private static func secondsOfCopy(byteCount: Int, budget: Double) -> Double {
    let count = max(byteCount / 2 / MemoryLayout<Scalar>.stride, 1)
    let source = Vector<Scalar>(count: count), target = Vector<Scalar>(count: count)
    return secondsPerCall(budget) { target.copy(from: source) }
  }

  /// The mean over the calls that fit into the budget, after one that is not counted.
  private static func secondsPerCall(_ budget: Double, _ body: () -> Void) -> Double {
    body()
    let clock = ContinuousClock()
    let start = clock.now
    var calls = 0, elapsed = 0.0
    repeat {
      body()
      calls += 1
      elapsed = start.duration(to: clock.now) / .seconds(1)
    } while elapsed < budget
    return elapsed / Double(calls)
  }
}

extension vk_convolution {
  /// The matrix product of the windows of one image.
  fileprivate func product(_ role: ConvolutionRole) -> MatrixProduct {
    let window = inputs * window_height * window_width, positions = output_height * output_width
    return switch role {
    case .output: MatrixProduct(rows: outputs, columns: positions, depth: window)
    case .input: MatrixProduct(rows: window, columns: positions, depth: outputs, transposeLeft: true)
    case .weight: MatrixProduct(rows: outputs, columns: window, depth: positions, transposeRight: true)
    }
  }
}

extension MatrixProduct {
  fileprivate var text: String {
    let form = (transposeLeft ? "T" : "N") + (transposeRight ? "T" : "N")
    return "\(rows) x \(columns) x \(depth) \(form)" + (accumulates ? " added" : "")
      + (factor == 1 ? "" : " scaled")
  }
}
