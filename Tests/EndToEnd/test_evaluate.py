"""`eos-sweep evaluate`: loss and derivatives at weights from elsewhere, against some by hand."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from program import Program
from tanh_network import TanhNetwork

JOB = """\
name: given
data: {name: hdf5, path: %s}
model: {name: mlp, hidden: [7, 5], activation: tanh}
learning_rate: 0.1
precision: double
measure: {top: 3, tolerance: 1e-9}
grid: [{optimizer: [gd, adam]}]
"""


@pytest.fixture
def case(tmp_path: Path) -> tuple[Path, Path, TanhNetwork, np.ndarray]:
    """A job of two runs, a file of weights, and the same network by hand."""
    random = np.random.default_rng(5)
    x, y = random.normal(size=(60, 6)), random.normal(size=(60, 2))
    with h5py.File(tmp_path / "data.h5", "w") as file:
        file["x"], file["y"] = x, y
    job, given = tmp_path / "job.yaml", tmp_path / "it's.h5"
    job.write_text(JOB % (tmp_path / "data.h5"))
    network = TanhNetwork(x, y, [7, 5])
    weights = 0.7 * random.normal(size=network.count)
    with h5py.File(given, "w") as file:
        file["weights"] = weights
    return job, given, network, weights


def test_what_is_told_and_stored_is_what_derivatives_by_hand_are(
    program: Program, case, tmp_path: Path
):
    job, given, network, weights = case
    stored = tmp_path / "found.h5"
    done = program.run("evaluate", job, "--weights", given, "--only", "gd", "-o", stored)
    values, _ = network.top_eigenvalues(weights, 3)
    with h5py.File(stored) as file:
        found = {name: file[name][()] for name in file}
    np.testing.assert_array_equal(found["weights"], weights)
    np.testing.assert_allclose(found["loss"], network.loss(weights), rtol=1e-12)
    np.testing.assert_allclose(found["gradient"], network.gradient(weights), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found["eigenvalues"], values, rtol=1e-8)
    hessian = network.hessian(weights)
    for value, vector, residual in zip(
        found["eigenvalues"], found["eigenvectors"], found["residuals"], strict=True
    ):
        left = np.linalg.norm(hessian.matvec(vector) - value * vector)
        assert left <= 1.1 * residual + 1e-10
    told = dict(
        line.split(None, 2)[:2] for line in done.stdout.splitlines() if "  " in line.strip()
    )
    assert float(told["loss"]) == found["loss"]
    norm = next(
        line.split()[-1] for line in done.stdout.splitlines() if line.startswith("gradient norm")
    )
    np.testing.assert_allclose(float(norm), np.linalg.norm(network.gradient(weights)), rtol=1e-9)


def test_third_derivatives_are_those_of_differences_by_hand(program: Program, case, tmp_path: Path):
    job, given, network, weights = case
    stored, along = tmp_path / "found.h5", tmp_path / "along.h5"
    directions = np.random.default_rng(8).normal(size=(3, network.count))
    with h5py.File(along, "w") as file:
        file["directions"] = directions
    given_to = ["--weights", given, "--only", "gd", "-o", stored]
    done = program.run("evaluate", job, *given_to, "--directions", along)
    with h5py.File(stored) as file:
        found = {name: file[name][()] for name in file}
    assert found["pairs"].tolist() == [[0, 0], [0, 1], [0, 2], [1, 1], [1, 2], [2, 2]]
    np.testing.assert_array_equal(found["directions"], directions)
    step = 1e-5
    for (i, j), third in zip(found["pairs"], found["third_derivatives"], strict=True):
        ahead, behind = (network.hessian(weights + s * directions[j]) for s in (step, -step))
        expected = (ahead.matvec(directions[i]) - behind.matvec(directions[i])) / (2 * step)
        np.testing.assert_allclose(third, expected, atol=1e-7 * np.abs(expected).max(), rtol=0)
        told = next(line for line in done.stdout.splitlines() if f"|D3L[{i}, {j}]|" in line)
        np.testing.assert_allclose(float(told.split()[-1]), np.linalg.norm(third), rtol=1e-12)
    hessian = network.hessian(weights)
    for direction, product in zip(directions, found["hessian_products"], strict=True):
        np.testing.assert_allclose(product, hessian.matvec(direction), rtol=1e-8, atol=1e-10)


def test_third_derivatives_along_eigenvectors(program: Program, case, tmp_path: Path):
    job, given, *_ = case
    given_to = ["--weights", given, "--only", "gd", "-o", tmp_path / "found.h5"]
    program.run("evaluate", job, *given_to, "--third-derivatives")
    with h5py.File(tmp_path / "found.h5") as file:
        np.testing.assert_array_equal(file["directions"][()], file["eigenvectors"][()])
        # The derivative of an eigenvalue along the weights is that of its quadratic form.
        assert file["third_derivatives"].shape == (6, file["weights"].size)
        products, values = file["hessian_products"][()], file["eigenvalues"][()]
        np.testing.assert_allclose(
            np.einsum("ij,ij->i", products, file["eigenvectors"][()]), values, rtol=1e-9
        )


@pytest.mark.parametrize("shape", [(4,), (2, 3), ()])
def test_directions_that_do_not_fit_are_refused(
    program: Program, case, tmp_path: Path, shape: tuple[int, ...]
):
    job, given, network, _ = case
    along = tmp_path / "along.h5"
    with h5py.File(along, "w") as file:
        file["directions" if shape else "other"] = np.ones(shape)
    given_to = ["--weights", given, "--only", "gd", "-o", tmp_path / "none.h5"]
    done = program.run("evaluate", job, *given_to, "--directions", along, status=2)
    assert "--directions" in done.stderr and str(network.count) in done.stderr
    assert not (tmp_path / "none.h5").exists()


def test_without_weights_it_is_about_the_first_ones(program: Program, case, tmp_path: Path):
    job, *_ = case
    stored = tmp_path / "found.h5"
    program.run("evaluate", job, "--only", "adam", "-o", stored)
    program.run("run", job, "-o", tmp_path / "out", "--set", "stop.steps=1")
    with h5py.File(stored) as found, h5py.File(tmp_path / "out" / "sweep.h5") as sweep:
        assert found["loss"][()] == sweep["train_loss"][0, 0]
        np.testing.assert_allclose(
            found["eigenvalues"][:], sweep["hessian_eigenvalues"][0, 0], rtol=1e-9
        )


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        ((), ["2 runs", "--only"]),
        (("--only", "sgd"), ["no run", "--only sgd"]),
        (("--only", "gd", "--weights", "nothing.h5"), ["init.file", "nothing.h5"]),
        (("--only", "gd", "-o", "/nowhere/at/all.h5"), ["/nowhere/at/all.h5"]),
    ],
)
def test_what_cannot_be_evaluated_is_told_with_a_remedy(
    program: Program, case, arguments: tuple[str, ...], parts: list[str]
):
    job, *_ = case
    done = program.run("evaluate", job, *arguments, status=2)
    assert done.stdout == ""
    for part in parts:
        assert part in done.stderr


def test_no_file_but_its_own_is_replaced(program: Program, case, tmp_path: Path):
    job, given, *_ = case
    before = given.read_bytes(), job.read_bytes()
    for other in (given, job):
        done = program.run("evaluate", job, "--only", "gd", "-o", other, status=2)
        assert "was not written by evaluate" in done.stderr
    assert (given.read_bytes(), job.read_bytes()) == before
    for _ in range(2):
        program.run("evaluate", job, "--only", "gd", "-o", tmp_path / "own.h5")


def test_the_first_weights_of_a_branch_are_those_of_another_run(program: Program, case):
    job, *_ = case
    done = program.run("evaluate", job, "--only", "gd", "--set", "init.run=somebody", status=2)
    assert "init.run" in done.stderr and "--weights" in done.stderr
