"""A rank without work leaves its core to others."""

import time
from pathlib import Path

import pytest

from program import Program, rank_processes

JOB = """\
name: one-run
data: {name: chebyshev, degree: 4, points: 20}
model: {name: mlp, hidden: [100], activation: tanh}
loss: mse
optimizer: {name: gd}
learning_rate: 0.01
ranks_per_run: 1
stop: {steps: 100000000}
measure: {every: 1000000}
"""
WATCHED_SECONDS = 5.0


def cpu_seconds(process: int) -> float:
    """Time on a core so far, all threads, from the scheduler's nanosecond counter."""
    tasks = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


@pytest.mark.parametrize("size", [4, 16])
def test_idle_ranks_sleep(program: Program, tmp_path: Path, size: int):
    job = tmp_path / "one.yaml"
    job.write_text(JOB)
    process = program.start("run", job, "-o", tmp_path / "sweep", ranks=size)
    try:
        deadline = time.monotonic() + 60
        log = tmp_path / "sweep" / "events.jsonl"
        while time.monotonic() < deadline:
            if log.exists() and "run_started" in log.read_text():
                break
            time.sleep(0.1)
        time.sleep(5)  # start-up is over and idle ranks have grown quiet
        ranks = rank_processes(process.pid)
        before = {rank: cpu_seconds(rank) for rank in ranks}
        time.sleep(WATCHED_SECONDS)
        shares = sorted((cpu_seconds(rank) - before[rank]) / WATCHED_SECONDS for rank in ranks)
    finally:
        process.terminate()
        process.wait(timeout=60)
    assert len(shares) == size
    *idle, working = shares
    assert working > 0.1, "nobody trains"
    assert max(idle) < 0.01, f"shares of a core: {shares}"
