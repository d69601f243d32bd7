"""What a plan lists: every run where they are few, else the grid and the first of them."""

import re
from pathlib import Path

from jobs import chebyshev
from program import Program

RUN = re.compile(r"^\d.* (gd-\S+)$", re.MULTILINE)


def test_a_large_plan_is_a_summary_unless_all_is_asked_for(program: Program, tmp_path: Path):
    grid = "grid=[{optimizer: gd, seed: {range: [0, 59]}, learning_rate: [0.1, 0.2]}]"
    job = chebyshev(tmp_path, 20)
    some = program.run("plan", job, "--set", grid).stdout
    assert "grid: seed: 60 values, 0 to 59." in some
    assert "grid: learning_rate: 0.1, 0.2." in some
    assert len(RUN.findall(some)) == 10
    assert "110 more runs" in some and "--all" in some
    assert "120 runs, 0 done, 120 to compute" in some.splitlines()[-1]
    every = program.run("plan", job, "--set", grid, "--all").stdout
    runs = RUN.findall(every)
    assert len(runs) == len(set(runs)) == 120
    assert set(RUN.findall(some)) <= set(runs)
    assert "more runs" not in every


def test_a_small_plan_lists_every_run(program: Program, tmp_path: Path):
    job = chebyshev(tmp_path, 20)
    grid = "grid=[{optimizer: gd, learning_rate: 0.1, seed: {range: [0, 39]}}]"
    told = program.run("plan", job, "--set", grid).stdout
    assert len(set(RUN.findall(told))) == 40
    assert "grid:" not in told
    assert "more run" not in told
