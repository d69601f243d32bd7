"""Ranks of one machine share one copy of the data, and nothing of it is left behind."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from data_files import cifar10
from program import Program, rank_processes
from waiting import events, wait_for

RANKS = 4
EXAMPLES = 5000
BYTES = EXAMPLES * (3072 + 10) * 4
"""What the data takes in the number format of the runs: 59 MiB."""


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cifar10(tmp_path_factory.mktemp("images") / "train.bin", np.arange(EXAMPLES) % 10)


def sweep(folder: Path, images: Path, examples: int, steps: int) -> Path:
    """A run for every rank, on small batches of the data."""
    folder.mkdir()
    path = folder / "job.yaml"
    path.write_text(
        f"""\
name: shared
data: {{name: cifar10, path: {images}, examples: {examples}}}
model: {{name: mlp, hidden: [4], activation: tanh}}
loss: mse
optimizer: gd
learning_rate: 0.001
batch_size: 20
block_size: 20
ranks_per_run: 1
keep_weights: final
measure: {{every: 20, examples: 20, top: 1}}
stop: {{steps: {steps}}}
grid:
  - seed: {{range: [1, {RANKS}]}}
"""
    )
    return path


@contextmanager
def under_way(program: Program, job: Path) -> Iterator[list[int]]:
    """The ranks of a sweep while every one of them trains; all are killed at the end."""
    output = job.parent / "output"
    environment = os.environ | {"EOS_SWEEP_EVENT_SECONDS": "0.05"}
    launcher = subprocess.Popen(
        program.command("run", job, "-o", output, ranks=RANKS),
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    ranks: list[int] = []
    try:
        wait_for(lambda: all(f"-s{seed}-" in progress(output) for seed in range(1, RANKS + 1)))
        ranks = rank_processes(launcher.pid)
        assert len(ranks) == RANKS
        yield ranks
    finally:
        for process in [launcher.pid, *ranks]:
            os.kill(process, signal.SIGKILL)
        launcher.wait()


def progress(output: Path) -> str:
    """The events that tell of steps done."""
    return "\n".join(line for line in events(output).splitlines() if '"event":"progress"' in line)


def memory(process: int) -> int:
    """The bytes of a process, of which those that others have too count by their share."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def test_four_ranks_hold_one_copy_which_a_kill_removes(
    program: Program, images: Path, tmp_path: Path
):
    before = {path.name for path in Path("/dev/shm").iterdir()}
    totals = {}
    for examples in (100, EXAMPLES):
        job = sweep(tmp_path / str(examples), images, examples, steps=100_000_000)
        with under_way(program, job) as ranks:
            totals[examples] = sum(memory(rank) for rank in ranks)
    # Four copies would be four times as much; what rank 0 has read to check it may leave gaps.
    assert 0.9 * BYTES < totals[EXAMPLES] - totals[100] < 2 * BYTES
    wait_for(lambda: not any(Path(f"/proc/{rank}/maps").exists() for rank in ranks))
    # Open MPI, killed itself, leaves small files of its own.
    left = [path for path in Path("/dev/shm").iterdir() if path.name not in before]
    assert sum(path.stat().st_blocks * 512 for path in left) < BYTES / 2


def test_shared_data_has_the_same_bits(program: Program, images: Path, tmp_path: Path):
    job = sweep(tmp_path / "sweep", images, EXAMPLES, steps=40)
    program.run("run", job, "-o", tmp_path / "one")
    program.run("run", job, "-o", tmp_path / "four", ranks=RANKS)
    program.run("compare", tmp_path / "one", tmp_path / "four")
