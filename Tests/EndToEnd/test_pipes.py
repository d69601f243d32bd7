"""A job comes from a file, through a pipe, or as standard input."""

import os
import subprocess
import threading
from pathlib import Path

import pytest

from jobs import chebyshev
from program import Program

ONE_RUN = "optimizer: gd\nlearning_rate: 0.01\n"


@pytest.fixture
def job(tmp_path: Path) -> str:
    return chebyshev(tmp_path, 20, ONE_RUN).read_text()


@pytest.mark.fault("L-F7")
@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
def test_a_job_may_be_standard_input(program: Program, job: str, name: str):
    assert "1 to compute" in program.run("plan", name, text=job).stdout


@pytest.mark.fault("L-F7")
def test_a_job_may_come_through_a_pipe(program: Program, job: str, tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_text, args=(job,))
    writer.start()
    done = program.run("plan", tmp_path / "pipe")
    writer.join()
    assert "1 to compute" in done.stdout
    command = f"{program.path} plan <(cat {tmp_path}/small.yaml)"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
    assert "1 to compute" in done.stdout


@pytest.mark.fault("L-F7")
@pytest.mark.parametrize("ranks", [None, 2])
def test_every_rank_computes_what_came_through_the_pipe_of_the_first(
    program: Program, job: str, ranks: int | None, tmp_path: Path
):
    program.run("run", "-", "-o", tmp_path / "out", ranks=ranks, text=job)
    program.run("verify", tmp_path / "out")
    done = program.run("bench", "-", "--seconds", "0.001", ranks=ranks, text=job)
    assert "GFLOP/s" in done.stdout


@pytest.mark.fault("L-F7")
@pytest.mark.parametrize("text", ["", " \n\n"])
def test_an_empty_job_is_called_empty(program: Program, text: str, tmp_path: Path):
    (tmp_path / "empty.yaml").write_text(text)
    for path in ("-", tmp_path / "empty.yaml", "/dev/null"):
        done = program.run("plan", path, text=text, status=2)
        assert f"{path}: it holds nothing" in done.stderr


@pytest.mark.fault("L-F7")
@pytest.mark.parametrize("ranks", [None, 2])
def test_bad_jobs_from_pipes_are_refused_once(program: Program, job: str, ranks: int | None):
    text = job.replace("loss: mse", "los: mse")
    done = program.run("bench", "-", text=text, ranks=ranks, status=2)
    assert done.stderr.count("'los'") == 1


@pytest.mark.fault("L-F7")
def test_the_manifest_of_a_sweep_is_its_job(program: Program, job: str, tmp_path: Path):
    program.run("run", "-", "--set", "seed=7", "-o", tmp_path / "out", text=job)
    again = program.run("run", tmp_path / "out" / "sweep.json", "-o", tmp_path / "out")
    assert "1 finished; nothing left to compute" in again.stdout
