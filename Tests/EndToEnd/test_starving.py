"""Runs longer than a job keep nobody from being computed, and end too."""

from pathlib import Path

from jobs import HOPELESS_MIX, chebyshev
from program import Program


def test_short_runs_and_hopeless_ones_all_end(program: Program, tmp_path: Path):
    """As many long runs as ranks, in jobs of three seconds, put back into the queue by a loop."""
    job, directory = chebyshev(tmp_path, 2000, HOPELESS_MIX % 300_000), tmp_path / "sweep"
    command = ["run", job, "-o", directory, "--time-limit", "3s"]
    printed: list[str] = []
    while not printed or "12 finished" not in printed[-1]:
        done = program.run(*command, ranks=2, status=None)
        assert done.returncode in (0, 75), done.stderr
        printed.append(done.stdout)
        assert len(printed) < 100, printed[-1]
    assert any("10 finished, 2 interrupted" in text for text in printed), "no short run first"
    program.run("verify", directory)
    whole = tmp_path / "whole"
    program.run("run", job, "-o", whole, ranks=2)
    program.run("compare", whole, directory)
