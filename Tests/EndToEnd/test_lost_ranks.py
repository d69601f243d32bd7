"""Under mpirun --enable-recovery a rank that is killed costs no more than its own group's work.

EOS_SWEEP_LOST_RANKS says how many sweeps lose ranks (2 unless told otherwise), three ranks each.
"""

import json
import os
import random
import signal
import subprocess
import time
from functools import partial
from pathlib import Path

import pytest

from program import Program, rank_processes
from waiting import events, wait_for

SWEEPS = int(os.environ.get("EOS_SWEEP_LOST_RANKS", "2"))
RANKS = 6

JOB = """\
name: lost
data: {name: chebyshev, degree: 4, points: 40}
model: {name: mlp, hidden: [30], activation: tanh}
loss: mse
optimizer: {name: gd}
block_size: 10
measure: {every: 20}
checkpoint: {steps: 300}
stop: {steps: 1500}
grid:
  - learning_rate: [0.02, 0.05, 0.1, 0.2]
    seed: [0, 1, 2, 3, 4]
"""
RUNS = 20


def start(program: Program, job: Path, directory: Path) -> subprocess.Popen[str]:
    """A sweep whose launcher leaves the others alone when a rank ends."""
    root = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    return subprocess.Popen(
        ["mpirun", "--enable-recovery", "--oversubscribe", "--bind-to", "none", "-n", str(RANKS)]
        + [str(program.path), "run", str(job), "-o", str(directory)],
        env=os.environ | root,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def last_status(directory: Path) -> int | None:
    """The exit status of the last session, as the program itself has it."""
    return json.loads((directory / "sweep.json").read_text())["sessions"][-1].get("exitStatus")


def has_noticed(process: subprocess.Popen[str], directory: Path, losses: int) -> bool:
    """Whether so many ranks are known to be lost, or all is over."""
    return events(directory).count('"rank_lost"') >= losses or process.poll() is not None


def has_ended(process: subprocess.Popen[str], directory: Path, runs: int) -> bool:
    """Whether so many runs have ended, or all is over."""
    return events(directory).count('"run_ended"') >= runs or process.poll() is not None


@pytest.fixture(scope="module")
def sweep(program: Program, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A job, and the merged file of a sweep that nobody disturbed."""
    folder = tmp_path_factory.mktemp("lost")
    job = folder / "job.yaml"
    job.write_text(JOB)
    program.run("run", job, "-o", folder / "whole", ranks=2)
    return job, folder / "whole" / "sweep.h5"


@pytest.mark.parametrize("seed", range(SWEEPS))
def test_killed_ranks_cost_the_work_of_their_groups(
    program: Program, sweep: tuple[Path, Path], tmp_path: Path, seed: int
) -> None:
    job, whole = sweep
    directory, rng = tmp_path / "out", random.Random(seed)
    process = start(program, job, directory)
    wait_for(lambda: "run_started" in events(directory))
    killed = 0
    # The clock would say how fast the machine is, not how far the sweep.
    for ended in sorted(rng.sample(range(RUNS // 2), 3)):
        wait_for(partial(has_ended, process, directory, ended))
        time.sleep(rng.uniform(0, 0.05))
        living = sorted(rank_processes(process.pid))[1:]
        if living and process.poll() is None:
            os.kill(rng.choice(living), signal.SIGKILL)
            killed += 1
            wait_for(partial(has_noticed, process, directory, killed))
    output, _ = process.communicate(timeout=200)
    assert killed > 0
    assert last_status(directory) == 0, output
    assert "is dead" in output
    program.run("compare", whole, directory / "sweep.h5")


def test_without_rank_0_the_others_end(
    program: Program, sweep: tuple[Path, Path], tmp_path: Path
) -> None:
    job, whole = sweep
    directory = tmp_path / "out"
    process = start(program, job, directory)
    wait_for(lambda: "run_started" in events(directory))
    os.kill(min(rank_processes(process.pid)), signal.SIGKILL)
    output, _ = process.communicate(timeout=60)
    assert output.count("rank 0 is dead") == 1, output
    assert last_status(directory) is None
    program.run("run", job, "-o", directory, ranks=2)
    program.run("compare", whole, directory / "sweep.h5")


@pytest.mark.parametrize("first", [True, False])
def test_a_rank_that_dies_while_all_start_lets_nobody_wait(
    program: Program, sweep: tuple[Path, Path], tmp_path: Path, first: bool
) -> None:
    job, whole = sweep
    directory = tmp_path / "out"
    process = start(program, job, directory)
    wait_for(lambda: len(rank_processes(process.pid)) == RANKS)
    ranks = sorted(rank_processes(process.pid))
    os.kill(ranks[0 if first else -1], signal.SIGKILL)
    output, _ = process.communicate(timeout=60)
    if "session_started" not in events(directory):
        assert "before the session had begun" in output
    program.run("run", job, "-o", directory, ranks=2)
    program.run("compare", whole, directory / "sweep.h5")
