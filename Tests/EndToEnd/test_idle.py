"""A rank without work leaves its core to others."""

import time
from pathlib import Path

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


def test_idle_ranks_sleep(program: Program, tmp_path: Path):
    job = tmp_path / "one.yaml"
    job.write_text(JOB)
    process = program.start("run", job, "-o", tmp_path / "sweep", ranks=4)
    try:
        deadline = time.monotonic() + 60
        while len(rank_processes(process.pid)) < 4 and time.monotonic() < deadline:
            time.sleep(0.1)
        time.sleep(5)  # start-up is over and idle ranks have grown quiet
        ranks = rank_processes(process.pid)
        before = {rank: cpu_seconds(rank) for rank in ranks}
        time.sleep(WATCHED_SECONDS)
        shares = sorted((cpu_seconds(rank) - before[rank]) / WATCHED_SECONDS for rank in ranks)
    finally:
        process.terminate()
        process.wait(timeout=60)
    assert len(shares) == 4
    assert shares[-1] > 0.1, "nobody trains"
    assert sum(share < 0.01 for share in shares) >= 2, f"shares of a core: {shares}"
