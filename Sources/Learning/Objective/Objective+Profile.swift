public import LinearAlgebra
public import ProgramExecutor

/// A part of what an objective computes.
public enum ObjectivePart: String, Sendable, CaseIterable {
  case gradient, linearization, product
}

/// Where the time of one part of an objective goes.
public struct PartProfile: Sendable {
  /// Each program, and the number of blocks that it runs for: two where the last block is smaller than the others.
  public internal(set) var programs: [(program: ProgramProfile, blockCount: Int)] = []

  /// The time that the products of all blocks take alone; nil where there is other arithmetic of that size.
  public var productSeconds: Double? {
    guard programs.allSatisfy(\.program.computesProductsOnly) else { return nil }
    return programs.reduce(0) { $0 + $1.program.productLimitSeconds * Double($1.blockCount) }
  }
}

extension Objective {
  /// Times the programs of one part over the full batch, group by group, and what limits them.
  ///
  /// The blocks run one after the other, as they would without the clock; nothing is added up. `budget` is the time for
  /// the runs, in seconds.
  public func profile(
    _ part: ObjectivePart, at weights: Vector<Scalar>, budget: Double
  ) throws -> PartProfile {
    let linearized = part == .gradient ? nil : try linearize(at: weights)
    let tasks =
      linearized.map { self.tasks(part, of: $0.pass, along: weights) } ?? fullGradient.tasks(at: weights)
    var executables: [Executable<Scalar>] = []
    for task in tasks where !executables.contains(where: { $0 === task.executable }) {
      executables.append(task.executable)
    }
    var profiles = executables.map { $0.makeProfile() }
    let places = tasks.map { task in executables.firstIndex { $0 === task.executable } ?? 0 }
    let clock = ContinuousClock()
    let start = clock.now
    repeat {
      for (task, place) in zip(tasks, places) {
        task.executable.run(task.bindings, timing: &profiles[place])
      }
    } while start.duration(to: clock.now) < .seconds(budget)
    for (place, executable) in executables.enumerated() {
      executable.measureLimits(&profiles[place], budget: budget / 10)
    }
    return PartProfile(
      programs: profiles.enumerated().map { place, profile in
        (profile, places.count { $0 == place })
      })
  }

  private func tasks(
    _ part: ObjectivePart, of pass: CurvaturePass<Scalar>, along direction: Vector<Scalar>
  ) -> [BlockTask<Scalar>] {
    pass.bind(direction)
    return pass.blocks.map { part == .linearization ? $0.primal : $0.linear }
  }
}
