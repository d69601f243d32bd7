// The sweep that runs when no job is named.

extension SweepPlan {
  /// The plan of the built-in sweep.
  public static func quickstart(overrides: [String] = []) throws(JobError) -> SweepPlan {
    try JobFile.plan(yaml: quickstartYAML, file: "jobs/quickstart.yaml", overrides: overrides)
  }

  /// The text of jobs/quickstart.yaml; a test checks that they are the same.
  public static let quickstartYAML = """
    # The built-in sweep: the edge of stability in under a minute.
    #
    # A small network (300 parameters) learns the Chebyshev polynomial T_4 from 20 points [Cohen et al. 2021]. With full
    # batches the (preconditioned) sharpness of every optimizer comes to its stability threshold and stays about it; gradient
    # descent with step size 0.1 and Adam with 3e-4 are still on their way at the end. With batches of 10 it stays lower, and
    # gradient descent with 0.4 does not train. Heavy ball with 0.4 diverges. Figures: standard, ratio.
    name: quickstart
    data: {name: chebyshev, degree: 4, points: 20}
    model: {name: mlp, hidden: [100], activation: tanh, output_bias: false, gains: [1.9], initialization: xavier-normal}
    loss: mse
    measure: {every: 20, top: 2}
    grid:
      - optimizer: gd
        learning_rate: [0.1, 0.2, 0.4]
        batch_size: [full, 10]
        stop: {steps: 8000}
      - optimizer: {name: heavy-ball, momentum: 0.9}
        learning_rate: [0.1, 0.2, 0.4]
        stop: {steps: 4000}
      - optimizer: {name: rmsprop, beta2: 0.99}
        learning_rate: [1e-4, 3e-4, 1e-3]
        stop: {steps: 4000}
      - optimizer: {name: adam, beta1: 0.9, beta2: 0.999, epsilon: 1e-7}
        learning_rate: [3e-4, 1e-3, 3e-3]
        batch_size: [full, 10]
        stop: {steps: 4000}

    """
}
