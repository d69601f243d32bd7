"""Bad input: exit status 2, a sentence that names the key and the remedy, and nothing written."""

from pathlib import Path

import pytest

from jobs import chebyshev
from program import Program

CASES = {
    "unknown key": ("loss: mse", "los: mse", ["los", "loss"]),
    "negative step size": ("[0.01, 0.02]", "[-0.01]", ["learning_rate", "-0.01"]),
    "empty grid list": ("[0.01, 0.02]", "[]", ["learning_rate"]),
    "unknown optimizer": ("{name: adam}", "{name: adma}", ["adma", "adam"]),
    "batch larger than the data": ("[full, 5]", "[21]", ["batch_size", "20"]),
    "not YAML": ("loss: mse", "loss: [mse", ["small.yaml"]),
    "missing data file": (
        "{name: chebyshev, degree: 4, points: 20}",
        "{name: cifar10, path: no/such/file.bin}",
        ["no/such/file.bin"],
    ),
    "no images for a convolutional network": (
        "{name: mlp, hidden: [100], activation: tanh}",
        "{name: cnn}",
        ["small.yaml", "model.name", "data.image"],
    ),
}


@pytest.mark.parametrize("ranks", [None, 2])
@pytest.mark.parametrize("case", CASES)
def test_bad_job_files(program: Program, case: str, ranks: int | None, tmp_path: Path):
    old, new, words = CASES[case]
    job = chebyshev(tmp_path, 10)
    text = job.read_text()
    assert old in text
    job.write_text(text.replace(old, new, 1))
    done = program.run("run", job, "-o", tmp_path / "sweep", ranks=ranks, status=2, seconds=60)
    for word in words:
        assert word in done.stderr
    assert not (tmp_path / "sweep").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "none.yaml"),
        ("status", "no-such-directory"),
        ("merge", "no-such-directory"),
        ("verify", "no-such-file.h5"),
        ("compare", "no-such-file.h5", "no-other.h5"),
        ("show", "no-such-directory", "gd"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_missing_files(program: Program, arguments: tuple[str, ...]):
    done = program.run(*arguments, status=2, seconds=60)
    assert arguments[1] in done.stderr


def test_a_file_of_another_program_is_refused(program: Program, tmp_path: Path):
    path = tmp_path / "other.h5"
    path.write_bytes(b"not HDF5")
    assert "other.h5" in program.run("verify", path, status=2, seconds=60).stderr


def test_an_unwritable_directory_is_refused(program: Program, tmp_path: Path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    done = program.run("run", chebyshev(tmp_path, 10), "-o", blocked / "sweep", status=2)
    assert str(blocked) in done.stderr


def test_plan_writes_nothing(program: Program, tmp_path: Path):
    done = program.run("plan", chebyshev(tmp_path, 10), seconds=60)
    assert done.stdout.count("gd-lr") >= 4
    assert [path.name for path in tmp_path.iterdir()] == ["small.yaml"]


def test_doctor_and_help_answer(program: Program):
    assert "HDF5" in program.run("doctor", seconds=60).stdout
    assert "compare" in program.run("--help", seconds=60).stdout


def test_any_key_can_be_set(program: Program, tmp_path: Path):
    job = chebyshev(tmp_path, 10)
    done = program.run("plan", job, "--set", "learning_rate=0.5", seconds=60)
    assert "lr0.5" in done.stdout
