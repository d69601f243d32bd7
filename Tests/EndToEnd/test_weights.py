"""Weights that are kept and taken up again: nothing of a run is lost between two runs."""

from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr

from program import Program

JOB = """\
name: weights
data: {name: chebyshev, degree: 4, points: 20}
model: {name: mlp, hidden: [30], activation: tanh}
loss: mse
optimizer: gd
learning_rate: 0.1
measure: {every: 5, top: 2, tolerance: 1e-3}
keep_weights: final
"""
KINDS = {"float": np.float32, "double": np.float64}


def train(program: Program, folder: Path, precision: str, steps: int, start: Path | None = None):
    """Runs the job and returns its shard."""
    folder.mkdir()
    job = folder / "job.yaml"
    job.write_text(f"{JOB}precision: {precision}\nstop: {{steps: {steps}}}\n")
    if start is not None:
        job.write_text(f"{job.read_text()}init: {{file: {start}}}\n")
    program.run("run", job, "-o", folder / "sweep")
    program.run("verify", folder / "sweep")
    return next((folder / "sweep" / "shards").glob("*.h5"))


def weights(shard: Path) -> np.ndarray:
    with h5py.File(shard) as file:
        return file["weights"][0]


@pytest.mark.parametrize("precision", KINDS)
def test_a_chain_of_runs_is_one_run(program: Program, tmp_path: Path, precision: str):
    whole = train(program, tmp_path / "whole", precision, 30)
    first = train(program, tmp_path / "first", precision, 10)
    second = train(program, tmp_path / "second", precision, 20, first)
    assert weights(whole).dtype == KINDS[precision]
    np.testing.assert_array_equal(weights(second), weights(whole))
    with xr.open_dataset(whole) as one, xr.open_dataset(first) as a, xr.open_dataset(second) as b:
        losses = np.concatenate([a.train_loss.values[0], b.train_loss.values[0]])
        np.testing.assert_array_equal(losses, one.train_loss.values[0])


@pytest.mark.parametrize("precision", KINDS)
def test_a_run_without_steps_ends_where_it_began(program: Program, tmp_path: Path, precision: str):
    start = train(program, tmp_path / "start", precision, 3)
    nothing = train(program, tmp_path / "nothing", precision, 0, start)
    np.testing.assert_array_equal(weights(nothing), weights(start))
    with xr.open_dataset(nothing) as sweep:
        assert sweep.stop_reason.item() == "steps"
        assert sweep.steps_taken.item() == 0


def test_weights_cross_precisions_without_loss(program: Program, tmp_path: Path):
    single = train(program, tmp_path / "single", "float", 5)
    double = train(program, tmp_path / "double", "double", 0, single)
    np.testing.assert_array_equal(weights(double), weights(single).astype(np.float64))
    back = train(program, tmp_path / "back", "float", 0, double)
    np.testing.assert_array_equal(weights(back), weights(single))
