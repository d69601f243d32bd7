"""Any process may die at any time: the same command again finishes, with the same bits."""

import os
import signal
import subprocess
import time
from pathlib import Path

import h5py
import pytest

from jobs import chebyshev
from program import Program, rank_processes

STEPS = 80_000


@pytest.fixture(scope="module")
def undisturbed(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("undisturbed")
    program.run("run", chebyshev(folder, STEPS), "-o", folder / "sweep")
    return folder / "sweep"


def wait_for_a_shard(directory: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        if any((directory / "shards").glob("*.h5")):
            return
        time.sleep(0.02)
    pytest.fail("no run ended, or the sweep ended before it could be interrupted")


@pytest.mark.parametrize("victim", ["first rank", "last rank", "launcher"])
def test_after_kill_the_same_command_finishes(
    program: Program, undisturbed: Path, victim: str, tmp_path: Path
):
    job, directory = chebyshev(tmp_path, STEPS), tmp_path / "sweep"
    process = program.start("run", job, "-o", directory, ranks=2)
    wait_for_a_shard(directory, process)
    ranks = sorted(rank_processes(process.pid))
    assert len(ranks) == 2
    target = {"first rank": ranks[0], "last rank": ranks[1], "launcher": process.pid}[victim]
    os.kill(target, signal.SIGKILL)
    process.wait(timeout=60)
    wait_until_gone(ranks)

    survived = {path: path.stat().st_mtime_ns for path in (directory / "shards").glob("*.h5")}
    assert survived and len(survived) < 8
    for path in survived:
        with h5py.File(path) as file:
            assert "train_loss" in file

    program.run("run", job, "-o", directory, ranks=2)
    for path, modified in survived.items():
        assert path.stat().st_mtime_ns == modified, f"{path.name} was computed again"
    program.run("verify", directory)
    program.run("compare", undisturbed, directory)


def test_what_was_recorded_of_a_run_that_is_left_stands_in_the_merged_file(
    program: Program, undisturbed: Path, tmp_path: Path
):
    job, directory = chebyshev(tmp_path, STEPS), tmp_path / "sweep"
    process = program.start("run", job, "-o", directory, ranks=2)
    events = directory / "events.jsonl"
    while not (events.exists() and "run_ended" in events.read_text()):
        assert process.poll() is None, "the sweep ended before it could be interrupted"
        time.sleep(0.02)
    process.send_signal(signal.SIGUSR1)
    assert process.wait(timeout=60) == 75
    with h5py.File(directory / "sweep.h5") as part, h5py.File(undisturbed / "sweep.h5") as whole:
        assert list(part["run"]) == list(whole["run"])
        left = [row for row, status in enumerate(part["status"].asstr()) if status == "interrupted"]
        assert 1 <= len(left) <= 2
        for row in left:
            steps = part["steps_taken"][row]
            assert 0 < steps < STEPS
            same = part["train_loss"][row, :steps] == whole["train_loss"][row, :steps]
            assert same.all()
    program.run("verify", directory)
    program.run("run", job, "-o", directory, ranks=1)
    program.run("compare", undisturbed, directory)
    assert not list((directory / "checkpoints").glob("*.h5"))


def wait_until_gone(processes: list[int]) -> None:
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{process}").exists() for process in processes):
        assert time.monotonic() < deadline, "ranks outlived the job"
        time.sleep(0.05)


def test_a_larger_grid_adds_runs(program: Program, tmp_path: Path):
    job, directory = chebyshev(tmp_path, 200), tmp_path / "sweep"
    program.run("run", job, "-o", directory, ranks=2)
    before = {path: path.stat().st_mtime_ns for path in (directory / "shards").glob("*.h5")}
    job.write_text(job.read_text().replace("[0.01, 0.02]", "[0.01, 0.02, 0.03]"))
    assert "computed 4 " in program.run("run", job, "-o", directory, ranks=2).stdout
    after = {path: path.stat().st_mtime_ns for path in (directory / "shards").glob("*.h5")}
    assert before.items() < after.items()
    with h5py.File(directory / "sweep.h5") as file:
        assert file["status"].asstr()[:].tolist() == ["finished"] * 12
