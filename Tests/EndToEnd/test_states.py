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


def test_a_branch_of_another_network_is_refused_though_it_has_as_many_parameters(
    program: Program, tmp_path: Path
):
    job, directory = tmp_path / "job.yaml", tmp_path / "out"
    job.write_text(JOB % 20)
    shapes = ["--set", "model.hidden=[2, 5]"], ["--set", "model.hidden=[5, 2]"]  # 25 each
    program.run("run", job, "-o", directory, *shapes[0])
    with h5py.File(directory / "sweep.h5") as sweep:
        source, parameters = sweep["run"].asstr()[0], sweep["parameters"][0]
    other = tmp_path / "other"
    program.run("run", job, "-o", other, *shapes[1])
    with h5py.File(other / "sweep.h5") as sweep:
        assert sweep["parameters"][0] == parameters
    branch = ["--set", f"init.run={source}", "--set", "stop.steps=5"]
    done = program.run("run", job, "-o", directory, *shapes[1], *branch, status=1)
    assert "another network" in done.stdout
    program.run("run", job, "-o", directory, *shapes[0], *branch)


def test_a_branch_whose_source_keeps_no_state_is_a_failure_and_not_work_left(
    program: Program, tmp_path: Path
):
    job, directory = tmp_path / "job.yaml", tmp_path / "out"
    job.write_text(JOB % 300)
    source = "adam-lr" + program.run("plan", job).stdout.split("adam-lr")[1].split()[0]
    job.write_text(JOB % 300 + BRANCHES % source)
    program.run("run", job, "-o", directory, "--only", source)
    for state in (directory / "states").iterdir():
        state.unlink()
    done = program.run("run", job, "-o", directory, status=1)
    assert f"init.run: {source} has kept no state" in done.stdout
    assert "4 pending, 1 finished; computed 0 in" in done.stdout


def test_a_merge_does_not_lose_runs_that_only_the_merged_file_holds(
    program: Program, tmp_path: Path
):
    job, directory = tmp_path / "job.yaml", tmp_path / "out"
    job.write_text(JOB % 20)
    program.run("run", job, "-o", directory)
    merged = (directory / "sweep.h5").read_bytes()
    shard = next((directory / "shards").glob("*.h5"))
    content = bytearray(shard.read_bytes())
    content[len(content) // 2] ^= 4
    shard.write_bytes(content)
    done = program.run("merge", directory, status=2)
    assert "holds 1 run that ended" in done.stderr and "so it is not replaced" in done.stderr
    assert (directory / "sweep.h5").read_bytes() == merged
    program.run("merge", directory, "-o", tmp_path / "part.h5", status=1)


def test_states_are_verified_with_the_rest(program: Program, tmp_path: Path):
    job, directory = tmp_path / "job.yaml", tmp_path / "out"
    job.write_text(JOB % 20)
    program.run("run", job, "-o", directory)
    assert "3 files verified" in program.run("verify", directory).stdout
    state = next((directory / "states").iterdir())
    content = bytearray(state.read_bytes())
    content[len(content) // 2] ^= 4
    state.write_bytes(content)
    assert state.name in program.run("verify", directory, status=1).stdout


def test_parts_of_an_origin_without_a_run_are_told_to_be_idle(program: Program, tmp_path: Path):
    job = tmp_path / "job.yaml"
    job.write_text(JOB % 20)
    done = program.run("plan", job, "--set", "init.step=5")
    assert "init.step: without effect, because there is no init.run" in done.stderr
