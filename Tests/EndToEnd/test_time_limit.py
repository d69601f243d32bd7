"""Less time than work: everything is saved by the clock, and short runs get through."""

import time
from pathlib import Path

import pytest

from jobs import HOPELESS_MIX, chebyshev, slow
from program import Program


def test_a_sweep_ends_before_its_time_limit_with_status_75(program: Program, tmp_path: Path):
    job, directory = chebyshev(tmp_path, 100_000_000), tmp_path / "sweep"
    start = time.time()
    done = program.run("run", job, "-o", directory, "--time-limit", "0:00:03", status=75)
    assert "--time-limit is in" in done.stderr and "the time limit comes near" in done.stderr
    assert "Work is left for about" in done.stdout
    assert time.time() - start < 30
    program.run("verify", directory)
    shown = program.run("status", directory).stdout
    assert "left: 8 runs" in shown and "about" in shown
    end = {"SLURM_JOB_END_TIME": str(int(time.time()) + 4)}
    done = program.run("run", job, "-o", directory, status=75, environment=end)
    assert "the end of the SLURM job is in" in done.stderr
    over = {"SLURM_JOB_END_TIME": "1700000000"}
    done = program.run(
        "run", job, "-o", directory, "--time-limit", "3s", status=75, environment=over
    )
    assert "SLURM" not in done.stderr


@pytest.mark.parametrize("text", ["", "0", "-5", "1:30", "12:60:00", "2 weeks", "nan", "1e3", "∞"])
def test_times_that_mean_nothing_are_refused(program: Program, text: str, tmp_path: Path):
    job = chebyshev(tmp_path, 20)
    for command in ("run", "plan"):
        done = program.run(command, job, f"--time-limit={text}", status=2)
        assert f"--time-limit {text}" in done.stderr and "30m" in done.stderr
    assert not (tmp_path / "results").exists()


def test_plan_tells_what_goes_on_in_later_jobs(program: Program, tmp_path: Path):
    job = chebyshev(tmp_path, 2000, HOPELESS_MIX % 100_000_000)
    planned = program.run("plan", job, "--ranks", "2", "--time-limit", "1m").stdout
    lines = planned.splitlines()
    assert sum(line.endswith("(cut)") for line in lines) == 2
    assert "jobs of 1 min 0 s" in planned and "go on in the next job" in planned
    assert "never" not in planned
    short = program.run("plan", job, "--set", "grid=[{seed: [1, 2]}]", "--minutes", "60").stdout
    assert "(cut)" not in short and "jobs of" not in short


def test_plan_names_what_can_never_end(program: Program, tmp_path: Path):
    """A step of 10^11 operations, and its measurement, in jobs of a twentieth of a second."""
    measured = "measure: {every: 1, top: 2}\n"
    job = slow(tmp_path, examples=4000, width=1000, steps=3, rest=measured)
    planned = program.run("plan", job, "--time-limit", "0.05s").stdout
    assert any(line.endswith("(never)") for line in planned.splitlines())
    assert "a single step" in planned and "; about" not in planned
    assert "never" not in program.run("plan", job, "--time-limit", "10h").stdout
