"""Runs longer than a job keep nobody from being computed, and end too."""

from pathlib import Path

from jobs import HOPELESS_MIX, chebyshev
from program import Program


def test_short_runs_come_before_hopeless_ones(program: Program, tmp_path: Path):
    """As many runs that no machine ends in time as ranks."""
    job = chebyshev(tmp_path, 2000, HOPELESS_MIX % 100_000_000)
    command = ["run", job, "-o", tmp_path / "sweep", "--time-limit", "5s"]
    printed = program.run(*command, ranks=2, status=75).stdout
    assert "10 finished, 2 interrupted" in printed


def test_runs_longer_than_a_job_end_in_later_ones(program: Program, tmp_path: Path):
    """Jobs of three seconds, put back into the queue by a loop; a fast machine needs few."""
    job, directory = chebyshev(tmp_path, 2000, HOPELESS_MIX % 300_000), tmp_path / "sweep"
    printed: list[str] = []
    while not printed or "12 finished" not in printed[-1]:
        done = program.run("run", job, "-o", directory, "--time-limit", "3s", ranks=2, status=None)
        assert done.returncode in (0, 75), done.stderr
        printed.append(done.stdout)
        assert len(printed) < 100, printed[-1]
    program.run("verify", directory)
    whole = tmp_path / "whole"
    program.run("run", job, "-o", whole, ranks=2)
    program.run("compare", whole, directory)
