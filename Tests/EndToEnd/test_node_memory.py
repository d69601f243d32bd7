"""Ranks of one machine share one copy of the data, and nothing of it is left behind."""

import json
import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from data_files import cifar10
from jobs import chebyshev
from program import Program, rank_processes
from waiting import wait_for

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
def under_way(
    program: Program, job: Path, *settings: str, ranks: int | None = RANKS
) -> Iterator[list[int]]:
    """The processes of a sweep while all that can train do; all are killed at the end."""
    output = job.parent / "output"
    process = program.start("run", job, "-o", output, *settings, ranks=ranks)
    found = [] if ranks else [process.pid]
    try:
        wait_for(lambda: training(output) == (ranks or 1))
        found = found or rank_processes(process.pid)
        assert len(found) == (ranks or 1)
        yield found
    finally:
        for number in {process.pid, *found}:
            os.kill(number, signal.SIGKILL)
        process.wait()


def training(output: Path) -> int:
    """How many runs have done a step."""
    path = output / "progress.json"
    if not path.exists():
        return 0
    runs = json.loads(path.read_text()).get("running", [])
    return sum(run.get("steps", 0) > 0 for run in runs)


def bytes_of(text: str) -> float:
    """The number of bytes in `312 MiB` or `1.5 GiB`."""
    number, unit = text.split()
    return float(number) * {"MiB": 1 << 20, "GiB": 1 << 30}[unit]


def memory(process: int, kind: str = "Pss") -> int:
    """The bytes of a process; as `Pss` those that others have too count by their share."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith(f"{kind}:"))


def test_four_ranks_hold_one_copy_which_a_kill_removes(
    program: Program, images: Path, tmp_path: Path
):
    before = {path.name for path in Path("/dev/shm").iterdir()}
    totals = {}
    for examples in (100, EXAMPLES):
        few = cifar10(tmp_path / "few.bin", np.arange(examples) % 10) if examples == 100 else images
        job = sweep(tmp_path / str(examples), few, examples, steps=100_000_000)
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


LARGE = [
    f"--set={setting}"
    for setting in (
        "model.hidden=[1000, 1000]",
        "optimizer=adam",
        "batch_size=500",
        "block_size=500",
    )
]
"""Weights and the optimizer's state take more than the program."""


def test_what_plan_foresees_is_what_a_run_takes(program: Program, images: Path, tmp_path: Path):
    job = sweep(tmp_path / "sweep", images, EXAMPLES, steps=10_000)
    said = program.run("plan", job, "--minutes", "1", *LARGE).stdout
    found = re.search(r"so ([\d.]+ .iB) for 1 rank on one node", said)
    assert found, said
    with under_way(program, job, *LARGE, ranks=None) as (process,):
        taken = memory(process, "Rss")
    assert taken / 1.5 < bytes_of(found[1]) < 1.5 * taken


def test_what_cannot_fit_is_refused(program: Program, tmp_path: Path):
    job = chebyshev(tmp_path, steps=10)
    large = ["--set", "model.hidden=[3000, 3000]"]
    for allotted, status in ((60, 2), (4000, 75)):
        environment = {"SLURM_MEM_PER_NODE": str(allotted)}
        done = program.run(
            "run", job, "-o", tmp_path / "output", "--time-limit", "1s", *large,
            status=status, environment=environment,
        )  # fmt: skip
        assert ("60 MiB are allotted by SLURM" in done.stderr) == (status == 2)
        assert (tmp_path / "output").exists() == (status != 2)
