"""What a sweep prints at its end can be pasted into the same shell."""

import subprocess
from pathlib import Path

from jobs import chebyshev
from program import Program


def test_the_command_for_figures_draws_them(program: Program, tmp_path: Path):
    directory = tmp_path / "my sweep"
    done = program.run("run", chebyshev(tmp_path, steps=200), "-o", directory)
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("Figures:")]
    subprocess.run(line.removeprefix("Figures:"), shell=True, check=True, capture_output=True)
    assert list((directory / "figures").glob("*.png"))
