"""What scripts ask the program: whether a sweep can run, and how its last session ended."""

import os
from pathlib import Path

from jobs import chebyshev
from program import Program

TWO_RUNS = "optimizer: gd\nlearning_rate: 0.01\ngrid: [{seed: [1, 2]}]\n"


def test_a_check_computes_and_leaves_nothing(program: Program, tmp_path: Path):
    job, directory = chebyshev(tmp_path, 20, TWO_RUNS), tmp_path / "new" / "sweep"
    assert "2 runs, 2 to compute" in program.run("run", "--check", job, "-o", directory).stdout
    assert os.listdir(tmp_path) == [job.name]
    program.run("run", job, "-o", directory)
    assert "2 runs, 0 to compute" in program.run("run", "--check", job, "-o", directory).stdout
    assert (
        "stop.stps" in program.run("run", "--check", job, "--set", "stop.stps=1", status=2).stderr
    )
    said = program.run("run", "--check", job, "--only", "nope", "-o", directory, status=2).stderr
    assert "--only nope" in said
    assert "is a file" in program.run("run", "--check", job, "-o", job, status=2).stderr


def test_the_status_of_the_last_session_and_what_stands_on_disk(program: Program, tmp_path: Path):
    job, directory = chebyshev(tmp_path, 100_000_000, TWO_RUNS), tmp_path / "sweep"
    ask = ("status", directory, "--exit-status")
    assert "no such directory" in program.run(*ask, status=2).stderr
    program.run("run", job, "-o", directory, "--time-limit", "2s", status=75)
    session, disk, reason = program.run(*ask, status=75).stdout.strip().split("; ")
    assert (session, reason) == ("session 1", "the time limit comes near")
    assert disk.startswith("0 of 2 runs done, ") and not disk.startswith("0 of 2 runs done, 0 ")
    # A session about one run ends with the status of that run.
    short = ("--set", "stop.steps=20")
    planned = program.run("plan", job, *short).stdout.split()
    first = next(word for word in planned if word.startswith("gd-"))
    program.run("run", job, *short, "-o", directory, "--only", first)
    assert program.run(*ask, status=0).stdout.startswith("session 2; 1 of 2 runs done")
