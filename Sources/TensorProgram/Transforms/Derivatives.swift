// Derivatives of every order, composed of `linearize` and `transpose`.
//
//     gradient            transpose(linearize(f)) 1
//     Hessian product     linearize(gradient)
//     third derivative    pushforward(pushforward(gradient))

extension Program {
  /// The program with its vector-Jacobian product: `(x, c) -> (f(x), Df(x)^T c)`.
  ///
  /// The inputs are those of this program, then a cotangent of each of the outputs `selected` (by default of
  /// all); the outputs are those of this program, then the cotangent of each of the inputs `names`. Cotangents
  /// are named like what they belong to, with `prefix` before it.
  public func pullback(
    withRespectTo names: [String], outputs selected: [String]? = nil, prefix: String = "cotangent."
  ) -> Program {
    let linearization = linearize(withRespectTo: names, outputs: selected)
    var builder = ProgramBuilder(name: "\(name).pullback")
    let arguments = builder.inputs(like: self)
    let cotangents = linearization.linear.outputs.map {
      builder.input(prefix + $0.name, linearization.linear.type(of: $0.value))
    }
    let results = builder.inline(linearization.primal, inputs: arguments)
    let residuals = linearization.residuals.map { residual in
      switch residual {
      case .input(let index): arguments[index]
      case .output(let index): results[index]
      }
    }
    let adjoint = linearization.linear.transpose(linearIn: names)
    let gradients = builder.inline(adjoint, inputs: cotangents + residuals)
    for (output, value) in zip(outputs, results) { builder.output(output.name, value) }
    for (name, value) in zip(names, gradients) { builder.output(prefix + name, value) }
    return builder.build()
  }

  /// The program with the gradient of its first output, which must be a scalar.
  ///
  /// The outputs are those of this program, then the derivative of the first by each of the inputs `names`, named
  /// like these.
  public func gradient(withRespectTo names: [String]) -> Program {
    let loss = outputs[0]
    precondition(type(of: loss.value).shape.isEmpty, "\(name): the first output is not a scalar.")
    let pullback = pullback(withRespectTo: names, outputs: [loss.name])
    var builder = ProgramBuilder(name: "\(name).gradient")
    let arguments = builder.inputs(like: self)
    let one = builder.splat(1, type(of: loss.value))
    let results = builder.inline(pullback, inputs: arguments + [one])
    for (name, value) in zip(outputs.map(\.name) + names, results) { builder.output(name, value) }
    return builder.build()
  }

  /// The gradient of the first output, linearised: `primal` is `gradient` with residuals, `linear` maps a tangent
  /// `v` to `H v`, both named like the inputs `names`.
  public func hessianProduct(withRespectTo names: [String]) -> Linearization {
    gradient(withRespectTo: names).linearize(withRespectTo: names, outputs: names)
  }

  /// `(x, u, v) -> D^3 f(x)[u, v]`, the derivative of `H(x) u` along `v`, for the first output `f`.
  ///
  /// The inputs are those of this program, then `u.` and `v.` tangents of the inputs `names`; the outputs are
  /// named like the inputs `names`. For many `v` with one `u`, linearise the pushforward of `gradient` instead.
  public func thirdDerivative(withRespectTo names: [String]) -> Program {
    let product = gradient(withRespectTo: names)
      .pushforward(withRespectTo: names, outputs: names, prefix: "u.")
    let derivative = product.pushforward(
      withRespectTo: names, outputs: names.map { "u." + $0 }, prefix: "v.")
    var builder = ProgramBuilder(name: "\(name).thirdDerivative")
    let results = builder.inline(derivative, inputs: builder.inputs(like: derivative))
    for (name, value) in zip(names, results.suffix(names.count)) { builder.output(name, value) }
    return builder.build()
  }
}
