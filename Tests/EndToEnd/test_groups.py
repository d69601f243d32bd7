"""Groups of ranks share a run: the same bits for every size; one bad run does not end the sweep."""

import os
import signal
import time
from pathlib import Path

import h5py
import numpy as np
import pytest

from jobs import OPTIMIZERS, chebyshev, images, needs_images
from program import Program, rank_processes

JOB = """\
name: groups
data: {name: gaussian-mixture, examples: 230, features: 20, classes: 3}
model: {name: mlp, hidden: [30, 20], activation: %(activation)s}
loss: %(loss)s
block_size: 30
stop: {steps: 300}
measure: {every: 20, top: 3}
keep_weights: final
init: {file: %(init)s}
grid:
  - optimizer: [{name: gd}, {name: nesterov}, {name: adam}]
    learning_rate: 0.02
    batch_size: [full, 100]
"""

CNN_JOB = """\
name: images
data: {name: hdf5, path: %(path)s}
model: {name: cnn, channels: [8, 16], pooling: %(pooling)s, hidden: [12]}
loss: cross-entropy
learning_rate: 0.05
block_size: 10
stop: {steps: 20}
measure: {every: 10, top: 2}
keep_weights: final
grid:
  - optimizer: [{name: gd}, {name: adam}]
    batch_size: [full, 40]
"""


def write_job(
    folder: Path, activation: str = "tanh", loss: str = "mse", init: str | Path = "none"
) -> Path:
    job = folder / "groups.yaml"
    job.write_text(JOB % {"activation": activation, "loss": loss, "init": init})
    return job


@pytest.mark.parametrize(("activation", "loss"), [("tanh", "mse"), ("gelu", "cross-entropy")])
def test_same_bits_for_every_size_of_group(
    program: Program, tmp_path: Path, activation: str, loss: str
):
    job = write_job(tmp_path, activation, loss)
    program.run("run", job, "-o", tmp_path / "alone")
    for ranks, group in [(2, "2"), (4, "4"), (3, "auto"), (5, "4")]:
        directory = tmp_path / f"{ranks}-{group}"
        program.run("run", job, "-o", directory, "--set", f"ranks_per_run={group}", ranks=ranks)
        program.run("compare", tmp_path / "alone", directory)
        with h5py.File(directory / "sweep.h5") as file:
            if group != "auto":
                assert set(file["ranks"][:]) == {int(group)}


def test_every_optimizer_has_the_same_bits_in_every_group(program: Program, tmp_path: Path):
    optimizers = [f"{{name: {name}, weight_decay: 1e-3}}" for name in OPTIMIZERS]
    grid = f"""\
grid:
  - optimizer: [{", ".join(optimizers)}]
    learning_rate: 0.01
  - optimizer: [{{name: adam, freeze_preconditioner: 30}}, {{name: adafactor, clip: 1}}]
    learning_rate: 0.5
    schedule: [{{unit: critical}}, {{name: cosine, warmup: 10, unit: critical}}]
"""
    job = chebyshev(tmp_path, steps=200, grid="block_size: 5\n" + grid)
    for ranks in (1, 2, 4):
        group = ["--set", f"ranks_per_run={ranks}"]
        program.run("run", job, "-o", tmp_path / f"by-{ranks}", *group, ranks=ranks)
        program.run("verify", tmp_path / f"by-{ranks}")
    for ranks in (2, 4):
        program.run("compare", tmp_path / "by-1", tmp_path / f"by-{ranks}")


@needs_images
def test_real_images_have_the_same_bits_too(program: Program, tmp_path: Path):
    job = images(tmp_path, examples=1000, steps=20)
    for ranks in (1, 2, 4):
        group = ["--set", f"ranks_per_run={ranks}"]
        program.run("run", job, "-o", tmp_path / f"by-{ranks}", *group, ranks=ranks)
    for ranks in (2, 4):
        program.run("compare", tmp_path / "by-1", tmp_path / f"by-{ranks}")


@pytest.mark.parametrize("pooling", ["average", "max"])
def test_convolutional_networks_have_the_same_bits(program: Program, tmp_path: Path, pooling: str):
    random = np.random.default_rng(5)
    with h5py.File(tmp_path / "data.h5", "w") as file:
        file["x"], file["y"] = random.normal(size=(90, 3, 10, 12)), random.integers(0, 4, size=90)
    job = tmp_path / "images.yaml"
    job.write_text(CNN_JOB % {"path": tmp_path / "data.h5", "pooling": pooling})
    for ranks in (1, 2, 4):
        group = ["--set", f"ranks_per_run={ranks}"]
        program.run("run", job, "-o", tmp_path / f"by-{ranks}", *group, ranks=ranks)
    for ranks in (2, 4):
        program.run("compare", tmp_path / "by-1", tmp_path / f"by-{ranks}")


def test_64_ranks_on_few_cores(program: Program, quickstarts: dict[int, Path], tmp_path: Path):
    program.run("run", "-o", tmp_path / "sweep", ranks=64, seconds=600)
    program.run("compare", quickstarts[1], tmp_path / "sweep")


def write_weights(path: Path):
    """First weights for the model of the job."""
    values = np.full(20 * 30 + 30 + 30 * 20 + 20 + 20 * 3 + 3, 0.1)
    with h5py.File(path, "w") as file:
        file.create_dataset("weights", data=values, chunks=values.shape, fletcher32=True)


def damage_weights(path: Path):
    """Spoils the checksum of the values, which only reading them shows: the size stays right."""
    with h5py.File(path) as file:
        chunk = file["weights"].id.get_chunk_info(0)
    content = bytearray(path.read_bytes())
    content[chunk.byte_offset] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(("ranks", "group"), [(None, "auto"), (3, "1"), (2, "2")])
def test_a_run_that_cannot_be_computed_fails_alone(
    program: Program, tmp_path: Path, ranks: int | None, group: str
):
    weights = tmp_path / "weights.h5"
    write_weights(weights)
    whole = weights.read_bytes()
    damage_weights(weights)
    job = write_job(tmp_path, init=weights)
    text = job.read_text().replace(f"init: {{file: {weights}}}\n", "")
    job.write_text(text + f"    init: [{{file: none}}, {{file: {weights}}}]\n")
    command = ["run", job, "-o", tmp_path / "sweep", "--set", f"ranks_per_run={group}"]
    done = program.run(*command, ranks=ranks, status=1)
    assert "6 finished, 6 failed" in done.stdout
    assert "no readable dataset 'weights'" in done.stdout and "--only" in done.stdout
    with h5py.File(tmp_path / "sweep" / "sweep.h5") as file:
        assert sum(b"no readable dataset" in error for error in file["error"][:]) == 6

    finished = {p: p.stat().st_mtime_ns for p in (tmp_path / "sweep" / "shards").iterdir()}
    weights.write_bytes(whole)
    assert "12 finished; computed 6 " in program.run(*command, ranks=ranks).stdout
    again = {p: p.stat().st_mtime_ns for p in (tmp_path / "sweep" / "shards").iterdir()}
    assert finished.items() < again.items()


@pytest.mark.parametrize("ranks", [None, 2])
def test_an_interrupt_leaves_work_for_the_next_time(
    program: Program, tmp_path: Path, ranks: int | None
):
    job, directory = write_job(tmp_path), tmp_path / "sweep"
    command = ["run", job, "-o", directory, "--set", "ranks_per_run=2"]
    process = program.start(*command, "--set", "stop.steps=100000000", ranks=ranks)
    try:
        deadline = time.monotonic() + 60
        while not (directory / "sweep.json").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(1)
        for victim in rank_processes(process.pid) if ranks else [process.pid]:
            os.kill(victim, signal.SIGUSR1)
        assert process.wait(timeout=60) == 75
    finally:
        process.kill()
    assert "pending" in program.run("status", directory).stdout
    program.run("verify", directory)
