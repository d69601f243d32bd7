"""All is computed at one level, with the kernel of the BLAS library that belongs to it."""

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
    monkeypatch.delenv("EOS_SWEEP_NUMERIC_LEVEL", raising=False)


@pytest.fixture(scope="module")
def level(program: Program) -> str:
    """The level of this CPU, if it is one for which the program chooses."""
    facts = program.run("doctor", os.environ.get("TMPDIR", "/tmp")).stdout
    level = re.search(r"^level: +(\S+),", facts, re.MULTILINE)[1]
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


def levels(program: Program, directory: Path) -> list[str]:
    facts = program.run("doctor", directory).stdout
    return re.search(r"^level: .*, of (.*)$", facts, re.MULTILINE)[1].split(", ")


@pytest.mark.fault("numeric-level")
def test_a_level_is_forced_by_option_or_variable(program: Program, level: str, tmp_path: Path):
    """One level gives the same bits on any number of ranks, another one other numerics."""
    job = chebyshev(tmp_path, 200, "optimizer: gd\nlearning_rate: 0.01\n")
    lowest = levels(program, tmp_path)[0]
    program.run("run", job, "-o", tmp_path / "best")
    program.run("run", job, "-o", tmp_path / "option", "--numeric-level", lowest, ranks=2)
    variable = {"EOS_SWEEP_NUMERIC_LEVEL": lowest}
    program.run("run", job, "-o", tmp_path / "variable", environment=variable)
    program.run("compare", tmp_path / "option", tmp_path / "variable")
    program.run("compare", tmp_path / "best", tmp_path / "option", status=1)
    with h5py.File(tmp_path / "option" / "sweep.h5") as file:
        assert file.attrs["vector_level"] == lowest
        assert file.attrs["blas_choice"] == f"the program, for all CPUs of {lowest}"
        assert f"level {lowest}, " in file["numerics"].asstr()[0]
    # The option has the last word, and short names will do.
    short = level.removeprefix("x86-64-")
    facts = program.run("doctor", tmp_path, "--numeric-level", short, environment=variable).stdout
    assert re.search(rf"^level: +{level},", facts, re.MULTILINE)
    assert kernel(facts) == KERNELS[level]


@pytest.mark.fault("numeric-level")
@pytest.mark.parametrize("ranks", [None, 2])
def test_a_level_that_the_machine_lacks_is_refused(
    program: Program, level: str, ranks: int | None, tmp_path: Path
):
    job = chebyshev(tmp_path, 20)
    for word in ["v9", ""] + (["v4"] if level != "x86-64-v4" else []):
        options = ("-o", tmp_path / "out", "--numeric-level", word)
        done = program.run("run", job, *options, ranks=ranks, status=2)
        assert f"--numeric-level {word}" in done.stderr
        assert all(name in done.stderr for name in levels(program, tmp_path))
        assert not (tmp_path / "out").exists()
    variable = {"EOS_SWEEP_NUMERIC_LEVEL": "v9"}
    done = program.run("status", tmp_path, status=2, environment=variable)
    assert "EOS_SWEEP_NUMERIC_LEVEL=v9: there is no such level" in done.stderr


@pytest.mark.fault("numeric-level")
def test_a_run_of_another_level_begins_again(program: Program, level: str, tmp_path: Path):
    """What was saved at one level is not gone on with at another, and the program says how to."""
    job = chebyshev(tmp_path, 50, "optimizer: gd\nlearning_rate: 0.01\nkeep_state: true\n")
    lowest = levels(program, tmp_path)[0]
    program.run("run", job, "-o", tmp_path / "out", "--numeric-level", lowest)
    longer = ("run", job, "--set", "stop.steps=100")
    done = program.run(*longer, "-o", tmp_path / "out")
    assert f"level {lowest}, " in done.stderr and "--numeric-level" in done.stderr
    program.run(*longer, "-o", tmp_path / "anew")
    # The shorter run stands in one directory only.
    compared = program.run("compare", tmp_path / "out", tmp_path / "anew", status=1).stdout
    assert re.search(r"^1 run with \d+ values agree", compared, re.MULTILINE)
