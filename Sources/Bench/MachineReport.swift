import Foundation
import Jobs
public import Learning
import Training

/// What `bench` has measured.
public struct MachineReport: Sendable {
  /// The figures as people read them.
  public let lines: [String]
  /// Where the time of each part goes.
  public let profile: RunProfile
  private let gradient: Part
  private let linearization: Part
  private let product: Part

  /// One part, over the examples that the run takes for it.
  private struct Part {
    let seconds: Double
    /// The time that its matrix products take alone.
    let productSeconds: Double?
  }

  init(run: RunConfiguration, timing: RunTiming, profile: RunProfile, lines: [String]) {
    self.lines = lines
    self.profile = profile
    let all = timing.examples
    func part(_ name: ObjectivePart, _ seconds: Double, examples: Int) -> Part {
      let share = Double(examples) / Double(all)
      return Part(seconds: seconds, productSeconds: profile.productSeconds(name).map { $0 * share })
    }
    let measured = run.measure.count(of: all)
    gradient = part(.gradient, timing.gradient, examples: run.batchSize.count(of: all))
    linearization = part(.linearization, timing.linearization, examples: measured)
    product = part(.product, timing.product, examples: measured)
  }

  /// How much of the rate that its matrix products reach alone a part reaches; nil where convolutions do the work.
  public func rateOfProducts(_ name: ObjectivePart) -> Double? {
    let part = part(name)
    return part.productSeconds.map { $0 / part.seconds }
  }

  /// The seconds of a part as a whole, with everything around the programs.
  public func seconds(_ name: ObjectivePart) -> Double { part(name).seconds }

  /// The figures as a JSON object of numbers.
  public var json: String {
    get throws {
      let figures: [String: Double?] = [
        "gradient_seconds": gradient.seconds, "linearize_seconds": linearization.seconds,
        "product_seconds": product.seconds, "gradient_gemm_seconds": gradient.productSeconds,
        "product_gemm_seconds": product.productSeconds, "gradient_of_gemm": rateOfProducts(.gradient),
        "product_of_gemm": rateOfProducts(.product),
      ]
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
      return String(decoding: try encoder.encode(figures.compactMapValues { $0 }), as: UTF8.self)
    }
  }

  private func part(_ name: ObjectivePart) -> Part {
    switch name {
    case .gradient: gradient
    case .linearization: linearization
    case .product: product
    }
  }
}
