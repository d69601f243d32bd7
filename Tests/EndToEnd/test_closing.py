"""What the program prints for the user's next step can be pasted into the same shell."""

import shlex
import signal
import subprocess
from pathlib import Path

import h5py
import numpy as np
import pytest

from jobs import chebyshev
from program import Program
from waiting import events, wait_for

ODD = '-o 1\'s "ü" $HOME\t*\n#'
"""A name with everything that a shell or a program takes for something else."""

GRID = "optimizer: gd\nlearning_rate: 0.01\ngrid:\n  - seed: {range: [1, 10]}\n"


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, shell=True, cwd=folder, capture_output=True, text=True, timeout=120
    )


def stopped(command: list[str], folder: Path, directory: Path, text: str | None = None) -> str:
    """What the program prints when it is asked to stop while its first run is under way."""
    with subprocess.Popen(
        command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            process.stdin.write(text or "")
            process.stdin.close()
            wait_for(lambda: "run_started" in events(directory))
            process.send_signal(signal.SIGUSR1)
            printed = process.stdout.read()
            assert process.wait(timeout=60) == 75
        finally:
            process.kill()
    return printed


def test_the_command_for_figures_draws_them(program: Program, tmp_path: Path):
    directory = tmp_path / "my sweep"
    done = program.run("run", chebyshev(tmp_path, steps=200), "-o", directory)
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("Figures:")]
    subprocess.run(line.removeprefix("Figures:"), shell=True, check=True, capture_output=True)
    assert list((directory / "figures").glob("*.png"))


@pytest.mark.fault("L-F6")
def test_the_command_that_goes_on_says_all_that_was_said(program: Program, tmp_path: Path):
    job = chebyshev(tmp_path, 100_000_000, GRID).rename(tmp_path / f"{ODD}.yaml")
    said = ["--set", "grid=[{seed: [1, 10]}]", "--only", "gd-lr0.01-bfull-s1-"]
    start = program.command("run", f"./{job.name}", *said, f"--output={ODD}")
    printed = stopped(start, tmp_path, tmp_path / ODD)
    command = shlex.split(printed.split("finishes it: ")[1])
    assert command == [str(program.path), "run", f"./{job.name}", *said, "-o", f"./{ODD}"]


@pytest.mark.fault("L-F6")
def test_commands_for_odd_names_can_be_pasted(program: Program, tmp_path: Path):
    job = chebyshev(tmp_path, 20, GRID).rename(tmp_path / f"{ODD}.yaml")
    start = program.command("run", f"./{job.name}", "--only", "gd-lr0.01-bfull-s1-")
    done = subprocess.run(
        [*start, f"--output={ODD}"], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    _, _, figures, _, directory = shlex.split(done.stdout.split("Figures:")[1])
    assert (tmp_path / figures).samefile(tmp_path / ODD / "sweep.h5")
    assert directory == f"./{ODD}/figures"
    status = shell(shlex.join(program.command("status", f"./{ODD}")), tmp_path)
    advice = shell(status.stdout.split("so does: ")[1], tmp_path)
    assert "10 finished; computed 9" in advice.stdout, advice.stderr


@pytest.mark.fault("L-F6", "L-F7")
def test_a_job_from_a_pipe_goes_on_from_the_stored_text(program: Program, tmp_path: Path):
    text = chebyshev(tmp_path, 100_000_000, GRID).read_text()
    start = program.command("run", "-", "--set", "learning_rate=0.02", "-o", "out")
    printed = stopped(start, tmp_path, tmp_path / "out", text)
    command = shlex.split(printed.split("finishes it: ")[1])
    assert command == [str(program.path), "run", "out/sweep.json", "-o", "out"]
    planned = program.command("plan", *command[2:], "--set", "stop.steps=20")
    assert "lr0.02" in shell(shlex.join(planned), tmp_path).stdout


@pytest.mark.fault("L-F6")
def test_one_run_is_told_from_another_that_begins_alike(program: Program, tmp_path: Path):
    """An id that is whole is never ambiguous."""
    job = chebyshev(tmp_path, 20, GRID)
    done = program.run("run", job, "-o", tmp_path / "out", "--only", "", status=2)
    assert "--only" in done.stderr and "empty" in done.stderr
    assert not (tmp_path / "out").exists()
    program.run("run", job, "-o", tmp_path / "out")
    assert "empty" in program.run("show", tmp_path / "out", "", status=2).stderr


def test_a_failed_run_is_computed_alone_by_the_command_that_is_printed(
    program: Program, tmp_path: Path
):
    """Ten runs of a job from a pipe fail for one reason, which is said once."""
    weights = tmp_path / "weights.h5"
    values = np.full(100 + 100 + 100 + 1, 0.1)
    with h5py.File(weights, "w") as file:
        dataset = file.create_dataset("weights", data=values, chunks=values.shape, fletcher32=True)
        offset = dataset.id.get_chunk_info(0).byte_offset
    whole = weights.read_bytes()
    weights.write_bytes(whole[:offset] + bytes([whole[offset] ^ 1]) + whole[offset + 1 :])
    text = chebyshev(tmp_path, 20, f"init: {{file: {weights}}}\n{GRID}").read_text()
    said = ["run", "-", "--set", "learning_rate=0.02", "-o", tmp_path / "out"]
    done = program.run(*said, ranks=2, status=1, text=text).stdout
    (line,) = [line for line in done.splitlines() if line.startswith("failed: ")]
    assert " and 9 more: " in line and "weights" in line
    (command,) = [line for line in done.splitlines() if "that one alone" in line]
    weights.write_bytes(whole)
    again = shell(command.split("alone: ")[1], tmp_path)
    assert "computed 1 in" in again.stdout and "1 finished" in again.stdout, again.stderr
    status = program.run("status", tmp_path / "out").stdout
    assert "1 of 10 runs done" in status and " and 8 more: " in status
    assert "waits again" in program.run("retry", tmp_path / "out", "--failed").stdout
    assert "failed: " not in program.run("status", tmp_path / "out").stdout
