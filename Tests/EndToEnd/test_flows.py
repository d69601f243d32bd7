"""Flows beside the optimizers that they stand for: same bits, kills, and ends that are told."""

import signal
import time
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from program import Program

JOB = """\
name: flows
data: {name: chebyshev, degree: 4, points: 20}
model: {name: mlp, hidden: [30], activation: %(activation)s}
loss: mse
precision: double
block_size: 5
learning_rate: 1.02
schedule: {unit: critical}
stop: {steps: %(steps)d}
measure: {every: 10, at: midpoint}
keep_weights: final
checkpoint: {steps: 5}
optimizer: gd
%(rest)s
"""
"""At the edge from the first step on."""

ALL = """\
grid:
  - process: [optimizer, gradient-flow, stable-flow, central-flow, rod-flow]
  - optimizer: {name: rmsprop, beta2: 0.9}
    flow: {warm_start: 10}
    process: [optimizer, stable-flow, central-flow]
"""


def write(path: Path, rest: str, steps: int = 30, activation: str = "tanh") -> Path:
    path.write_text(JOB % {"rest": rest, "steps": steps, "activation": activation})
    return path


def test_a_grid_of_flows_has_the_same_bits_on_any_ranks(program: Program, tmp_path: Path):
    job = write(tmp_path / "job.yaml", ALL)
    for ranks in (1, 2, 4):
        alone = ["--set", f"ranks_per_run={ranks}"]
        program.run(
            "run", job, "-o", tmp_path / f"ranks-{ranks}", *alone, ranks=ranks + (ranks > 1)
        )
    first = tmp_path / "ranks-1" / "sweep.h5"
    for ranks in (2, 4):
        program.run("compare", first, tmp_path / f"ranks-{ranks}" / "sweep.h5")
    program.run("verify", tmp_path / "ranks-4")
    with xr.open_dataset(first) as sweep:
        assert sweep.sizes["run"] == 8 and (sweep.status != "failed").all()
        central = sweep.isel(run=list(sweep.process.values).index("central-flow"))
        # At the edge it stays: that is what its oscillation is for.
        tops = central.effective_eigenvalues.values[5:, 0]
        assert np.all(np.abs(tops - 2) < 0.01)
        assert np.all(central.predicted_variances.values[5:, 0] > 0)
        assert np.all(central.predicted_loss > central.train_loss)
        assert np.all(central.kkt_residual < 1e-6)
        warm = sweep.isel(run=slice(6, 8))
        assert np.isnan(warm.predicted_loss.values[:, :10]).all()
        assert (warm.train_loss.values[0, :11] == warm.train_loss.values[1, :11]).all()


def test_a_flow_killed_in_its_middle_goes_on_with_the_same_bits(program: Program, tmp_path: Path):
    job = write(tmp_path / "job.yaml", "process: central-flow", steps=400)
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    program.run("run", job, "-o", whole)
    process = program.start("run", job, "-o", parts)
    deadline = time.monotonic() + 60
    while not list(parts.glob("checkpoints/*.h5")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    program.run("run", job, "-o", parts)
    program.run("compare", whole / "sweep.h5", parts / "sweep.h5")
    with xr.open_dataset(parts / "sweep.h5") as sweep:
        assert sweep.sessions_json.item().count("firstStep") == 2


def test_a_flow_that_cannot_go_on_says_where_and_why(program: Program, tmp_path: Path):
    rest = "process: stable-flow\nflow: {sharpness_limit: 2.1}"
    job, directory = write(tmp_path / "job.yaml", rest, steps=3000), tmp_path / "out"
    done = program.run("run", job, "-o", directory)
    assert "1 halted" in done.stdout and "was halted at step" in done.stderr
    with xr.open_dataset(directory / "sweep.h5") as sweep:
        run = sweep.isel(run=0)
        step = int(run.steps_taken) - 1
        assert run.status == "halted" and run.stop_reason == "too_sharp"
        assert run.stop_detail.item().startswith(f"at step {step}: ") and 0 < step < 2999
    told = program.run("status", directory).stdout
    assert f"halted: {run.run.item()}: at step {step}: the largest eigenvalue" in told
    assert f"at step {step}" in program.run("show", directory, run.run.item()).stdout
    program.run("verify", directory)
    assert "nothing left to compute" in program.run("run", job, "-o", directory).stdout


@pytest.mark.parametrize(
    ("rest", "activation", "parts"),
    [
        ("process: central-flow", "relu", ["model.activation", "third derivatives", "tanh"]),
        ("process: rod-flow\nbatch_size: 5", "tanh", ["batch_size", "minibatches"]),
    ],
)
def test_what_has_no_flow_is_refused_before_anything_runs(
    program: Program, tmp_path: Path, rest: str, activation: str, parts: list[str]
):
    job = write(tmp_path / "job.yaml", rest, activation=activation)
    refused = program.run("run", job, "-o", tmp_path / "out", status=2).stderr
    for part in [*parts, "unsupported: skip"]:
        assert part in refused
    assert not (tmp_path / "out").exists()


def test_what_has_no_flow_is_left_out_where_the_job_says_so(program: Program, tmp_path: Path):
    grid = "flow: {unsupported: skip}\ngrid: [{process: [optimizer, central-flow, stable-flow]}]"
    job = write(tmp_path / "job.yaml", grid, activation="relu", steps=3)
    done = program.run("run", job, "-o", tmp_path / "out")
    assert "1 point of the grid left out" in done.stderr and "2 finished" in done.stdout
