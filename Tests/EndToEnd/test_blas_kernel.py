"""The program chooses the kernel of the BLAS library by the CPU, unless the user has."""

import os
import re
from pathlib import Path

import h5py
import pytest

from jobs import chebyshev
from program import Program

KERNELS = {"x86-64-v3": "Haswell", "x86-64-v4": "SkylakeX"}


@pytest.fixture(autouse=True)
def nothing_chosen(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)


@pytest.fixture(scope="module")
def level(program: Program) -> str:
    """The level of this CPU, if it is one for which the program chooses."""
    facts = program.run("doctor", os.environ.get("TMPDIR", "/tmp")).stdout
    level = re.search(r"^vectors: +(.*),", facts, re.MULTILINE)[1]
    if level not in KERNELS:
        pytest.skip(f"a CPU of {level}")
    return level


def kernel(facts: str) -> str:
    return re.search(r"BLAS kernel (\w+)", facts)[1]


@pytest.mark.fault("blas-kernel")
@pytest.mark.parametrize("environment", [{}, {"OPENBLAS_CORETYPE": ""}], ids=["unset", "empty"])
def test_the_kernel_is_the_one_of_the_level(
    program: Program, level: str, environment: dict[str, str], tmp_path: Path
):
    for ranks in (None, 2):
        facts = program.run("doctor", tmp_path, ranks=ranks, environment=environment).stdout
        assert kernel(facts) == KERNELS[level]
        assert f"chosen by the program, for all CPUs of {level}" in facts
        assert "no problem found" in facts


@pytest.mark.fault("blas-kernel")
def test_the_user_has_the_last_word_and_is_warned(program: Program, level: str, tmp_path: Path):
    chosen = {"OPENBLAS_CORETYPE": "prescott"}
    facts = program.run("doctor", tmp_path, status=1, environment=chosen).stdout
    assert kernel(facts) == "Prescott"
    assert "OPENBLAS_CORETYPE=prescott" in facts and "slower" in facts
    unknown = {"OPENBLAS_CORETYPE": "Hasswell"}
    facts = program.run("doctor", tmp_path, status=1, environment=unknown).stdout
    assert "OPENBLAS_CORETYPE=Hasswell is no kernel" in facts


@pytest.mark.fault("blas-kernel")
def test_a_kernel_that_the_cpu_cannot_run_is_refused(program: Program, level: str, tmp_path: Path):
    if level == "x86-64-v4":
        pytest.skip("this CPU runs every kernel")
    job = chebyshev(tmp_path, 20)
    beyond = {"OPENBLAS_CORETYPE": "SkylakeX"}
    done = program.run("run", job, "-o", tmp_path / "out", status=2, environment=beyond)
    assert "OPENBLAS_CORETYPE=SkylakeX" in done.stderr and "unset" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.fault("blas-kernel")
def test_files_say_which_kernel_it_was_and_who_chose_it(
    program: Program, level: str, tmp_path: Path
):
    job = chebyshev(tmp_path, 20, "optimizer: gd\nlearning_rate: 0.01\n")
    program.run("run", job, "-o", tmp_path / "own")
    zen = {"OPENBLAS_CORETYPE": "Zen"}
    program.run("run", job, "-o", tmp_path / "user", environment=zen)
    with h5py.File(tmp_path / "own" / "sweep.h5") as file:
        assert file.attrs["blas_core"] == KERNELS[level]
        assert file.attrs["blas_choice"] == f"the program, for all CPUs of {level}"
    with h5py.File(tmp_path / "user" / "sweep.h5") as file:
        assert file.attrs["blas_core"] == "Zen"
        assert file.attrs["blas_choice"] == "the user, by OPENBLAS_CORETYPE=Zen"
