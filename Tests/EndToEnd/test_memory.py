"""The memory of a rank does not grow with the number of steps."""

import os
import subprocess
from pathlib import Path

from jobs import chebyshev
from program import Program


def peak(program: Program, job: Path, directory: Path, *settings: str) -> int:
    """The largest resident memory of a sweep on one rank, in KiB."""
    keys = [word for setting in settings for word in ("--set", setting)]
    process = subprocess.Popen(
        program.command("run", job, "-o", directory, *keys),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss


def test_steps_and_measurements_leave_nothing_behind(program: Program, tmp_path: Path):
    job = chebyshev(tmp_path, steps=500, grid="optimizer: adam\nlearning_rate: 1e-4\n")
    measured = ["measure.every=5", "measure.top=3"]
    short = peak(program, job, tmp_path / "short", *measured)
    long = peak(program, job, tmp_path / "long", *measured, "stop.steps=5000")
    # Records take 24 bytes a step; one vector of weights left by every step would take 6 MiB.
    assert long < short + 4096


def test_vectors_that_come_and_go_leave_no_gaps(program: Program, tmp_path: Path):
    """Vectors of 1.5 MiB, of which every measurement leaves some and frees others."""
    job = chebyshev(tmp_path, steps=200, grid="optimizer: heavy-ball\nlearning_rate: 0.01\n")
    settings = ["model.hidden=[600, 600]", "measure={every: 5, top: 3, max_products: 8}"]
    short = peak(program, job, tmp_path / "short", *settings)
    long = peak(program, job, tmp_path / "long", *settings, "stop.steps=2000")
    # A search may need a few vectors more than those before; gaps would double the memory.
    assert long < 1.05 * short


def test_residuals_that_do_not_fit_change_nothing(program: Program, tmp_path: Path):
    job = chebyshev(tmp_path, steps=100, grid="optimizer: gd\nlearning_rate: 0.1\n")
    blocks = ["--set", "block_size=3", "--set", "measure.every=20"]
    program.run("run", job, "-o", tmp_path / "kept", *blocks)
    none = ["--set", "residual_memory=0"]
    program.run("run", job, "-o", tmp_path / "recomputed", *blocks, *none)
    program.run("run", job, "-o", tmp_path / "shared", *blocks, *none, ranks=2)
    program.run("compare", tmp_path / "kept", tmp_path / "recomputed")
    program.run("compare", tmp_path / "kept", tmp_path / "shared")
