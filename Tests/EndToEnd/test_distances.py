"""Weights kept along runs and sketches of them: what they are, and the distances they give."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import eos_analysis as eos
from program import Program

JOB = """\
name: apart
data: {name: chebyshev, degree: 4, points: 20}
model: {name: mlp, hidden: [90, 90], activation: tanh}
loss: mse
block_size: 5
stop: {steps: 31}
measure: {every: 5, top: 1, sketch: true}
keep_weights: {every: 5}
optimizer: gd
grid: [{learning_rate: [0.05, 0.2]}, {learning_rate: [0.05], measure: {at: midpoint}}]
"""
PARAMETERS = 8461
"""A few more than a sketch has components, so that it is one of two blocks."""


@pytest.fixture(scope="module")
def sweep(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("apart")
    job = folder / "job.yaml"
    job.write_text(JOB)
    program.run("run", job, "-o", folder / "one")
    program.run("run", job, "-o", folder / "two", ranks=2)
    return folder


def test_files_are_whole_and_the_same_on_any_number_of_ranks(program: Program, sweep: Path):
    program.run("compare", sweep / "one", sweep / "two")
    program.run("verify", sweep / "one")
    with xr.open_dataset(sweep / "one" / "sweep.h5") as file:
        assert (file.parameters == PARAMETERS).all()
        assert file.kept_step.values.tolist() == [list(range(0, 31, 5))] * 3
        assert file.kept_weights.shape == (3, 7, PARAMETERS)
        assert file.weight_sketch.shape == (3, 7, 8192)
        assert (file.weights_kept == PARAMETERS).all()
        assert np.isfinite(file.kept_weights.values).all()
        # The first weights of runs of one seed are the same, whatever the step size.
        assert (file.kept_weights[0, 0].values == file.kept_weights[1, 0].values).all()


def test_distances_from_sketches_are_those_of_the_weights(sweep: Path):
    dataset = eos.load(sweep / "one")
    first, second = dataset.isel(run=0), dataset.isel(run=1)
    exact = eos.distance(first, second)
    assert exact.attrs["from"] == "weights"
    assert exact.step.values.tolist() == [*range(0, 31, 5), 31]
    assert exact.values[0] == 0 and (np.diff(exact.values) > 0).any()
    bare = [run.drop_vars(["kept_weights", "kept_step", "weights"]) for run in (first, second)]
    sketched = eos.distance(*bare)
    assert sketched.attrs["from"] == "sketches"
    np.testing.assert_allclose(sketched.values, exact.sel(step=sketched.step).values, rtol=0.03)
    gaps = eos.trajectories(*bare)
    assert len(gaps) == 14 and sum(gaps.attrs["explained"]) > 0.5
    with pytest.raises(eos.SweepFileError, match="keep_weights"):
        eos.distance(
            first,
            second.drop_vars(["kept_weights", "kept_step", "weights"]).drop_vars("weight_sketch"),
        )


def test_sketches_of_midpoints_lie_near_those_of_iterates(sweep: Path):
    """Below the edge steps are short against the way that the run has gone."""
    dataset = eos.load(sweep / "one")
    iterates, midpoints = dataset.isel(run=0), dataset.isel(run=2)
    assert midpoints.measured_at.values[1:].tolist() == [1] * 6
    bare = [
        run.drop_vars(["kept_weights", "kept_step", "weights"]) for run in (iterates, midpoints)
    ]
    gap = eos.distance(*bare)
    way = eos.distance(iterates, dataset.isel(run=1)).sel(step=30)
    assert 0 < gap.values[1:].max() < 0.2 * float(way)


def test_more_than_the_memory_holds_is_refused_with_the_key(program: Program, tmp_path: Path):
    job = tmp_path / "job.yaml"
    job.write_text(JOB)
    large = ["--set", "stop.steps=10000000000", "--set", "keep_weights={every: 1}"]
    done = program.run("run", job, "-o", tmp_path / "out", *large, status=2)
    assert "keep_weights: {every: n}" in done.stderr and "measure.sketch" in done.stderr
    assert not list(tmp_path.glob("out/shards/*"))
    some = ["--set", "stop.steps=4000", "--set", "keep_weights={every: 1}"]
    told = program.run("plan", job, *some).stdout
    [line] = [line for line in told.splitlines() if line.startswith("results: ")]
    # Three runs, 4000 times 8461 numbers of 8 bytes, and 800 sketches of 64 KiB.
    bytes_expected = 3 * 8 * (4000 * PARAMETERS + 800 * 8192)
    assert (
        f"{bytes_expected / 2**20:.0f} MiB" in line or f"{bytes_expected / 2**30:.1f} GiB" in line
    )
