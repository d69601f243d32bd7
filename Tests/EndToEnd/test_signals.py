"""What the user sends to mpirun reaches the sweep, which stops in good order."""

import signal
import subprocess
import time
from pathlib import Path

import pytest

from jobs import chebyshev, slow
from program import Program, rank_processes
from waiting import events, wait_for


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
        assert "computed 0 in" in printed and "finished" not in printed.splitlines()[0]
    finally:
        process.kill()
    assert len(ranks) == 2
    wait_for(lambda: not any(Path(f"/proc/{rank}").exists() for rank in ranks))
    program.run("verify", directory)
    assert "left: 8 runs" in program.run("status", directory).stdout


def test_a_second_interrupt_leaves_at_once(program: Program, tmp_path: Path):
    # A step takes a second or more, and nobody looks up meanwhile.
    job, directory = slow(tmp_path, examples=20000, width=1000, steps=1000), tmp_path / "sweep"
    command = program.command("run", job, "-o", directory)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        wait_for(lambda: "run_started" in events(directory))
        for _ in range(2):
            process.send_signal(signal.SIGINT)
            time.sleep(0.2)
        printed, _ = process.communicate(timeout=60)
        assert process.returncode == 75
        assert "left at once" in printed
    finally:
        process.kill()
    assert not (directory / "sweep.h5").exists()
    program.run("merge", directory)


GRID = "optimizer: gd\nlearning_rate: 0.01\ngrid:\n  - seed: {range: [1, 12]}\n"
"""Runs enough that a signal after the first one finds others left."""


def signalled(program: Program, folder: Path, number: int, ignored: list[int]) -> int:
    """The status of a sweep that gets a signal after its first run; its starter ignores some."""

    def start():
        for each in ignored:
            signal.signal(each, signal.SIG_IGN)

    job, directory = chebyshev(folder, 60_000, GRID), folder / "sweep"
    process = subprocess.Popen(
        program.command("run", job, "-o", directory), preexec_fn=start, stdout=subprocess.DEVNULL
    )
    try:
        wait_for(lambda: "run_ended" in events(directory))
        process.send_signal(number)
        return process.wait(timeout=60)
    finally:
        process.kill()


@pytest.mark.fault("L-F10")
@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGINT, signal.SIGUSR1])
def test_signals_that_ask_to_stop_stop_in_order(
    program: Program, number: signal.Signals, tmp_path: Path
):
    assert signalled(program, tmp_path, number, ignored=[]) == 75
    program.run("verify", tmp_path / "sweep" / "sweep.h5")


@pytest.mark.fault("L-F10")
@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT])
def test_signals_that_the_starter_ignores_stay_ignored(
    program: Program, number: signal.Signals, tmp_path: Path
):
    """nohup ignores HUP, and a script INT for what it starts in the background."""
    assert signalled(program, tmp_path, number, ignored=[number]) == 0
