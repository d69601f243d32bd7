"""Central flows of the program against the same with dense matrices and exact derivatives."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from dense_flow import CentralFlow, Moments, TanhNetwork
from program import Program

HIDDEN, POINTS, WARM, EVERY, STEPS = 30, 20, 30, 10, 200
BETA2, EPSILON = 0.95, 1e-6

JOB = f"""\
name: dense
data: {{name: chebyshev, degree: 4, points: {POINTS}}}
model: {{name: mlp, hidden: [{HIDDEN}], activation: tanh, output_bias: false}}
loss: mse
precision: double
process: central-flow
flow: {{substeps: 2, renew: substep, tolerance: 1e-9, warm_start: %d}}
stop: {{steps: {STEPS}}}
measure: {{every: 50}}
keep_weights: {{every: {EVERY}}}
"""


def dense(network: TanhNetwork, start: np.ndarray, rate: float, optimizer: str) -> CentralFlow:
    """The flow where the program's begins: adaptive optimizers take steps of their own before."""
    if optimizer == "gd":
        return CentralFlow(network, start, lambda _: rate)
    w, is_scalar = start, optimizer == "scalar-rmsprop"
    moments = Moments(np.zeros(1 if is_scalar else len(w)), 0, BETA2, EPSILON, True, is_scalar)

    def absorb() -> np.ndarray:
        g = network.gradient(w)
        moments.nu = BETA2 * moments.nu + (1 - BETA2) * moments.squares(g, g)
        moments.updates += 1
        return g

    for _ in range(WARM):
        g = absorb()
        w = w - rate * g / (np.sqrt(moments.nu / (1 - BETA2**moments.updates)) + EPSILON)
    absorb()
    return CentralFlow(network, w, lambda _: rate, moments, time=WARM)


@pytest.mark.parametrize(
    ("optimizer", "rate", "unit"),
    [
        ("gd", 0.98, "critical"),
        ("scalar-rmsprop", 0.03, "absolute"),
        ("rmsprop", 0.003, "absolute"),
    ],
)
def test_a_central_flow_is_that_of_dense_matrices(
    program: Program, tmp_path: Path, optimizer: str, rate: float, unit: str
):
    constants = f", beta2: {BETA2}, epsilon: {EPSILON}, bias_correction: true"
    settings = f"learning_rate: {rate}\nschedule: {{unit: {unit}}}\n"
    settings += f"optimizer: {{name: {optimizer}{constants if optimizer != 'gd' else ''}}}\n"
    (tmp_path / "job.yaml").write_text(JOB % (WARM if optimizer != "gd" else 0) + settings)
    program.run("run", tmp_path / "job.yaml", "-o", tmp_path / "out")
    with xr.open_dataset(tmp_path / "out" / "sweep.h5") as sweep:
        run = sweep.isel(run=0).load()
    kept = dict(zip(run.kept_step.values.astype(int), run.kept_weights.values, strict=True))
    network = TanhNetwork.chebyshev(4, POINTS, HIDDEN)
    flow = dense(network, kept[0], float(run.step_size[-1]), optimizer)
    oscillating, compared = 0, 0
    while flow.time < STEPS:
        if flow.time in kept:
            np.testing.assert_allclose(flow.w, kept[flow.time], rtol=0, atol=1e-6)
            compared += 1
        flow.step()
        oscillating += bool((flow.variances > 0).any())
    assert oscillating > 15 and compared >= (STEPS - WARM) // EVERY
