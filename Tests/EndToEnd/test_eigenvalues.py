"""Eigenvalues in the file against those of an independent network, on weights the program wrote."""

from pathlib import Path

import h5py
import numpy as np
import pytest
from scipy.sparse.linalg import LinearOperator, eigsh

from jobs import IMAGES, chebyshev, images
from networks import Array, Problem
from program import Program


def weights_and_eigenvalues(program: Program, job: Path, folder: Path) -> tuple[Array, Array]:
    """Trains one run, then measures once at the weights it ended with."""
    program.run("run", job, "-o", folder / "train", ranks=2)
    with h5py.File(folder / "train" / "sweep.h5") as file, h5py.File(folder / "w.h5", "w") as out:
        weights = file["weights"][0]
        out["weights"] = weights
    start = ["--set", f"init.file={folder / 'w.h5'}", "--set", "stop.steps=1"]
    measure = ["--set", "measure.every=1", "--set", "measure.tolerance=1e-4"]
    program.run("run", job, "-o", folder / "measure", *start, *measure)
    with h5py.File(folder / "measure" / "sweep.h5") as file:
        return weights.astype(float), file["hessian_eigenvalues"][0, 0]


def test_chebyshev_against_the_dense_hessian(program: Program, tmp_path: Path):
    job = chebyshev(tmp_path, 500, grid="learning_rate: 0.05\noptimizer: gd\n")
    weights, found = weights_and_eigenvalues(program, job, tmp_path)
    x = np.linspace(-1, 1, 20)[:, None]
    problem = Problem([1, 100, 1], True, x, np.cos(4 * np.arccos(x)))
    hessian = np.array([problem.hessian_product(weights, e) for e in np.eye(len(weights))])
    expected = np.linalg.eigvalsh((hessian + hessian.T) / 2)[::-1]
    np.testing.assert_allclose(found, expected[: len(found)], rtol=1e-3)


@pytest.mark.skipif(not IMAGES.exists(), reason=f"real images are not at {IMAGES}")
def test_real_images_against_scipy(program: Program, tmp_path: Path):
    job = images(tmp_path, examples=500, steps=30)
    weights, found = weights_and_eigenvalues(program, job, tmp_path)
    records = np.fromfile(IMAGES, dtype=np.uint8).reshape(-1, 3073)
    pixels = records[:, 1:] / 255
    inputs = ((pixels - pixels.mean(axis=0)) / pixels.std(axis=0))[:500]
    problem = Problem([3072, 200, 200, 10], True, inputs, np.eye(10)[records[:500, 0]])
    size = len(weights)
    operator = LinearOperator(
        (size, size), matvec=lambda v: problem.hessian_product(weights, v.ravel()), dtype=float
    )
    expected = np.sort(eigsh(operator, len(found), which="LA", tol=1e-5)[0])[::-1]
    np.testing.assert_allclose(found, expected, rtol=1e-3)


@pytest.mark.skipif(not IMAGES.exists(), reason=f"real images are not at {IMAGES}")
def test_groups_of_1_2_and_4_ranks_give_the_same_bits(program: Program, tmp_path: Path):
    job = images(tmp_path, examples=1000, steps=20)
    for ranks in (1, 2, 4):
        group = ["--set", f"ranks_per_run={ranks}"]
        program.run("run", job, "-o", tmp_path / f"by-{ranks}", *group, ranks=ranks)
    with h5py.File(tmp_path / "by-4" / "sweep.h5") as file:
        assert file["ranks"][0] == 4
    for ranks in (2, 4):
        program.run("compare", tmp_path / "by-1", tmp_path / f"by-{ranks}")
