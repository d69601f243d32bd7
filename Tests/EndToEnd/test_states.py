"""Runs that end keep their state: longer ones go on from there, and others branch off."""

import json
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr

from program import Program

JOB = """\
name: states
data: {name: chebyshev}
model: {name: mlp, hidden: [20]}
keep_state: true
measure: {every: 50}
grid:
  - optimizer: adam
    learning_rate: 0.003
    stop: {steps: %d}
"""


def sessions(directory: Path, steps: int) -> list[dict]:
    with xr.open_dataset(directory / "sweep.h5") as sweep:
        run = sweep.isel(run=int(np.flatnonzero(sweep.steps_taken == steps)[0]))
        return json.loads(run.sessions_json.item())


def test_a_longer_run_goes_on_where_a_shorter_one_ended(program: Program, tmp_path: Path):
    job, directory, whole = tmp_path / "job.yaml", tmp_path / "out", tmp_path / "whole"
    job.write_text(JOB % 400)
    program.run("run", job, "-o", directory)
    job.write_text(JOB % 1000)
    program.run("run", job, "-o", directory, ranks=2)
    assert [part["firstStep"] for part in sessions(directory, 1000)] == [0, 400]
    program.run("run", job, "-o", whole)
    program.run("compare", directory / "sweep.h5", whole / "sweep.h5")


BRANCHES = """\
  - optimizer: {name: adam, beta1: [0.9, 0.5]}
    learning_rate: [0.003, 0.01]
    init: {run: %s}
    stop: {steps: 100}
"""


def test_branches_wait_for_the_run_they_start_from(program: Program, tmp_path: Path):
    job, directory = tmp_path / "job.yaml", tmp_path / "out"
    job.write_text(JOB % 300)
    source = program.run("plan", job).stdout.split("adam-lr")[1].split()[0]
    job.write_text(JOB % 300 + BRANCHES % f"adam-lr{source}")
    program.run("run", job, "-o", directory, ranks=2)
    with xr.open_dataset(directory / "sweep.h5") as sweep:
        assert sweep.sizes["run"] == 5 and (sweep.status == "finished").all()
        branches = sweep.isel(run=slice(1, 5))
        assert len(set(branches.train_loss.values[:, 0])) == 1
        assert len(set(branches.train_loss.values[:, 1])) == 4
        source_run = sweep.isel(run=0)
        # The branch with everything as before goes on as the source would have.
        assert branches.train_loss.values[0, 0] < source_run.train_loss.values[0]
    assert len(list((directory / "states").glob("*.h5"))) == 5


@pytest.mark.parametrize(
    ("origin", "parts"),
    [
        ("{run: nobody}", ["init.run", "nobody", "keep_state: true"]),
        ("{run: %s, step: 7}", ["init.step", "write 30"]),
    ],
)
def test_a_state_that_is_not_there_is_told_before_anything_runs(
    program: Program, tmp_path: Path, origin: str, parts: list[str]
):
    job, directory = tmp_path / "job.yaml", tmp_path / "out"
    job.write_text(JOB % 30)
    program.run("run", job, "-o", directory)
    with h5py.File(directory / "sweep.h5") as sweep:
        source = sweep["run"].asstr()[0]
    merged = (directory / "sweep.h5").read_bytes()
    branch = (JOB % 60).replace("adam\n", "adam\n    init: " + origin.replace("%s", source) + "\n")
    job.write_text(branch)
    done = program.run("run", job, "-o", directory, status=2)
    for part in parts:
        assert part in done.stderr
    assert (directory / "sweep.h5").read_bytes() == merged
