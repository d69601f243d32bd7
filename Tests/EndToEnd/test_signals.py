"""What the user sends to mpirun reaches the sweep, which stops in good order."""

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from jobs import chebyshev
from program import Program, rank_processes


@pytest.mark.parametrize("size", [1, 2])
def test_usr1_to_mpirun_stops_the_sweep_with_status_75(program: Program, tmp_path: Path, size: int):
    job, directory = chebyshev(tmp_path, 200), tmp_path / "sweep"
    group = ["--set", f"ranks_per_run={size}", "--set", "block_size=5"]
    endless = ["--set", "stop.steps=100000000"]
    command = program.command("run", job, "-o", directory, *group, *endless, ranks=2)
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        wait_for(lambda: "run_started" in events(directory))
        ranks = rank_processes(process.pid)
        process.send_signal(signal.SIGUSR1)
        printed, _ = process.communicate(timeout=60)
        assert process.returncode == 75
        assert "8 pending; computed 0 in" in printed
    finally:
        process.kill()
    assert len(ranks) == 2
    wait_for(lambda: not any(Path(f"/proc/{rank}").exists() for rank in ranks))
    program.run("verify", directory)
    assert "8 pending" in program.run("status", directory).stdout


def events(directory: Path) -> str:
    path = directory / "events.jsonl"
    return path.read_text() if path.exists() else ""


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
