"""Runs are taken back, and directories of one sweep are put together."""

import shutil
from pathlib import Path

import h5py
import pytest

from jobs import chebyshev
from program import Program
from waiting import events, wait_for

GRID = "optimizer: gd\nlearning_rate: 0.01\ngrid:\n  - seed: {range: [1, 4]}\n"


def statuses(file: Path) -> dict[str, str]:
    with h5py.File(file) as merged:
        return dict(zip(merged["run"].asstr()[:], merged["status"].asstr()[:], strict=True))


@pytest.fixture(scope="module")
def sweep(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("revision")
    program.run("run", chebyshev(folder, 300, GRID), "-o", folder / "out")
    return folder / "out"


@pytest.fixture
def copy(sweep: Path, tmp_path: Path) -> Path:
    return shutil.copytree(sweep, tmp_path / "out")


@pytest.mark.parametrize("command", ["retry", "forget"])
def test_a_run_that_is_taken_back_is_computed_again(
    program: Program, sweep: Path, copy: Path, command: str
):
    first, *others = statuses(copy / "sweep.h5")
    done = program.run(command, copy, first[:20])
    assert first in done.stdout and "eos-sweep" in done.stdout
    assert statuses(copy / "sweep.h5") == {first: "pending"} | dict.fromkeys(others, "finished")
    program.run("verify", copy)
    done = program.run("run", copy / "sweep.json", "-o", copy)
    assert "4 finished; computed 1 in" in done.stdout
    program.run("compare", sweep, copy)
    assert f"run_{'retried' if command == 'retry' else 'forgotten'}" in events(copy)


def test_unknown_runs_are_refused_with_a_hint(program: Program, copy: Path):
    before = {path: path.read_bytes() for path in copy.rglob("*.h5")}
    for command in ("retry", "forget"):
        refused = program.run(command, copy, "gd-lr0.01-bfull-s1-nonsense", status=2).stderr
        assert "no run begins so" in refused and "comes closest is gd-lr0.01-bfull-s1-" in refused
        assert "4 runs begin so" in program.run(command, copy, "gd", status=2).stderr
    assert "--failed" in program.run("retry", copy, status=2).stderr
    assert "no run has ended" in program.run("retry", copy, "--failed").stdout
    assert {path: path.read_bytes() for path in copy.rglob("*.h5")} == before


def test_a_state_that_others_start_from_is_not_forgotten(program: Program, tmp_path: Path):
    job = chebyshev(tmp_path, 100, f"keep_state: true\n{GRID}")
    program.run("run", job, "-o", tmp_path / "out")
    parent = next(iter(statuses(tmp_path / "out" / "sweep.h5")))
    branch = f"{GRID}  - init: {{run: {parent}}}\n    learning_rate: 0.02\n"
    job = chebyshev(tmp_path, 100, f"keep_state: true\n{branch}")
    program.run("run", job, "-o", tmp_path / "out")
    refused = program.run("forget", tmp_path / "out", parent, status=2).stderr
    assert "start from the state" in refused and "--force" in refused
    states = tmp_path / "out" / "states"
    assert list(states.glob(f"{parent}.*"))
    program.run("forget", tmp_path / "out", parent, "--force")
    assert not list(states.glob(f"{parent}.*"))
    program.run("retry", tmp_path / "out", next(iter(statuses(tmp_path / "out" / "sweep.h5"))))
    done = program.run("run", job, "-o", tmp_path / "out")
    assert "5 finished; computed 1 in" in done.stdout


def test_nothing_is_taken_back_during_a_sweep_but_it_may_be_merged(
    program: Program, tmp_path: Path
):
    grid = f"{GRID}  - stop: {{steps: 100000000}}\n"
    job, directory = chebyshev(tmp_path, 300, grid), tmp_path / "out"
    process = program.start("run", job, "-o", directory, "--set", "shard.seconds=0", ranks=2)
    try:
        wait_for(lambda: events(directory).count("run_ended") == 4)
        for command in (["retry", "--failed"], ["forget", "gd"]):
            refused = program.run(command[0], directory, *command[1:], status=2).stderr
            assert "at work here" in refused
        # Runs that ended are on disk a little later.
        wait_for(lambda: "5 runs, 4 of them done" in program.run("merge", directory).stdout)
        assert sorted(statuses(directory / "sweep.h5").values()).count("finished") == 4
    finally:
        process.terminate()
        process.wait(timeout=60)


def test_the_tasks_of_an_array_are_merged(program: Program, sweep: Path, tmp_path: Path):
    """Each with a run of its own by --only, or with a seed of its own by --set."""
    job, runs = sweep.parent / "small.yaml", list(statuses(sweep / "sweep.h5"))
    only = [tmp_path / f"only-{run}" for run in range(4)]
    for run, directory in zip(runs, only, strict=True):
        program.run("run", job, "-o", directory, "--only", run)
    seeds = [tmp_path / f"seed-{seed}" for seed in range(1, 5)]
    for seed, directory in enumerate(seeds, 1):
        program.run("run", job, "-o", directory, "--set", f"grid=[{{seed: {seed}}}]")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.h5")}
    for parts in (only, seeds, [*reversed(only), *seeds]):
        program.run("merge", *parts, "-o", tmp_path / "all.h5")
        program.run("compare", tmp_path / "all.h5", sweep)
        program.run("verify", tmp_path / "all.h5")
        assert list(statuses(tmp_path / "all.h5")) == runs
    assert {path: path.read_bytes() for path in before} == before
    refused = program.run("merge", *only, "-o", only[0] / "sweep.h5", status=2).stderr
    assert "file of their own" in refused or "itself" in refused
    assert "-o FILE" in program.run("merge", *only, status=2).stderr


def test_sweeps_of_other_names_are_not_mixed(program: Program, sweep: Path, tmp_path: Path):
    job, other = sweep.parent / "small.yaml", tmp_path / "other"
    program.run("run", job, "-o", other, "--set", "name=other", "--set", "stop.steps=10")
    refused = program.run("merge", sweep, other, "-o", tmp_path / "all.h5", status=2).stderr
    assert "'other'" in refused and "'small'" in refused
    assert not (tmp_path / "all.h5").exists()


def test_runs_that_differ_are_named(program: Program, sweep: Path, tmp_path: Path):
    """Another level may give other bits."""
    job, other = sweep.parent / "small.yaml", tmp_path / "other"
    program.run("run", job, "-o", other, "--numeric-level", "x86-64")
    same = program.run("compare", sweep, other, status=None).returncode == 0
    said = program.run("merge", sweep, other, "-o", tmp_path / "all.h5").stderr
    assert ("with different bits" in said) != same
    program.run("compare", sweep, tmp_path / "all.h5")
