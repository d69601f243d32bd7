"""The rows of the table, in its order."""

from rows import derivatives, eigenvalues, flows, ranks, step_rate, sweeps, trajectory

ALL = [
    derivatives.MLP,
    derivatives.CNN,
    eigenvalues.ROW,
    trajectory.EVERY_STEP,
    trajectory.EVERY_TENTH_STEP,
    flows.ROW,
    ranks.ONE_RUN,
    ranks.MANY_RUNS,
    step_rate.ROW,
    sweeps.OVERHEAD,
    sweeps.MANY_SMALL_RUNS,
    sweeps.MERGE,
]
