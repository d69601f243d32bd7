"""A reader that has gone ends no sweep; a report that could not be written is no success."""

import os
import resource
import subprocess
from pathlib import Path

import pytest

from jobs import chebyshev
from program import Program

ONE_RUN = "optimizer: gd\nlearning_rate: 0.01\n"


@pytest.fixture(scope="module")
def sweep(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("streams")
    program.run("run", chebyshev(folder, 20, ONE_RUN), "-o", folder / "sweep")
    return folder / "sweep"


@pytest.mark.fault("L-F10")
@pytest.mark.parametrize(
    "command",
    ["plan JOB", "status DIR", "verify DIR", "show DIR gd", "compare DIR DIR", "merge DIR"]
    + ["doctor DIR", "bench JOB --seconds 0.001", "--help", "--version"],
)
def test_a_report_that_cannot_be_written_is_no_success(program: Program, sweep: Path, command: str):
    words = command.replace("DIR", str(sweep)).replace("JOB", str(sweep.parent / "small.yaml"))
    for redirection, cause in ((">/dev/full", "no space left"), (">&-", "closed")):
        done = subprocess.run(
            f"{program.path} {words} {redirection}",
            shell=True,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
        assert done.returncode == 2
        assert "standard output" in done.stderr and cause in done.stderr


@pytest.mark.fault("L-F10")
def test_a_reader_that_has_gone_does_not_end_a_sweep(program: Program, tmp_path: Path):
    reader, writer = os.pipe()
    os.close(reader)
    job = chebyshev(tmp_path, 20, ONE_RUN)
    # A note is written before the first run, the closing lines are after the last.
    environment = os.environ | {"SLURM_STEP_NUM_TASKS": "8", "SLURM_PROCID": "0"}
    try:
        done = subprocess.run(
            program.command("run", job, "-o", tmp_path / "out"),
            stdout=writer,
            stderr=writer,
            env=environment,
            timeout=60,
        )
    finally:
        os.close(writer)
    assert done.returncode == 0
    program.run("verify", tmp_path / "out")
    assert "exit status 0" in program.run("status", tmp_path / "out").stdout


@pytest.mark.fault("L-W3")
def test_a_limit_on_the_size_of_files_is_an_error_and_no_death(program: Program, tmp_path: Path):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, 8_000))

    done = subprocess.run(
        program.command("run", chebyshev(tmp_path, 20, ONE_RUN), "-o", tmp_path / "out"),
        preexec_fn=limit,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode in (1, 2), "a signal would be negative"
    assert "the file is larger than a limit allows" in done.stderr
    assert "MPI_Init" not in done.stderr
    assert not list((tmp_path / "out").rglob("*.partial"))
