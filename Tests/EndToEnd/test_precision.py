"""Single and double precision agree up to rounding, with every model and optimizer."""

from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr

from program import Program

SHARED = """\
name: precision
loss: {loss}
learning_rate: 0.02
block_size: 8
stop: {{steps: 12}}
measure: {{every: 4, top: 2, tolerance: {tolerance}}}
keep_weights: final
"""
PROBLEMS = {
    "mlp": """\
data: {name: gaussian-mixture, examples: 40, features: 6, classes: 3, test_examples: 10}
model: {name: mlp, hidden: [8, 7], activation: tanh}
""",
    "cnn": """\
data: {name: hdf5, path: IMAGES}
model: {name: cnn, channels: [3], activation: tanh}
""",
    "deep-linear": """\
data: {name: deep-linear, dimension: 6, examples: 6}
model: {name: deep-linear, depth: 3, width: 6}
""",
}
OPTIMIZERS = ["gd", "heavy-ball", "nesterov", "rmsprop", "adam"]
COMPARED = ["train_loss", "gradient_norm", "sharpness", "preconditioned_sharpness", "test_loss"]


def images(path: Path) -> Path:
    random = np.random.default_rng(0)
    with h5py.File(path, "w") as file:
        for name, count in {"": 30, "_test": 10}.items():
            file[f"x{name}"] = random.normal(size=(count, 2, 4, 4))
            file[f"y{name}"] = np.arange(count) % 3
    return path


def sweep(
    program: Program, folder: Path, problem: str, grid: str, ranks: int | None = None, **shared: str
) -> Path:
    folder.mkdir(parents=True)
    job = folder / "job.yaml"
    settings = {"loss": "mse", "tolerance": "1e-3", **shared}
    data = PROBLEMS[problem].replace("IMAGES", str(images(folder / "images.h5")))
    job.write_text(f"{SHARED.format(**settings)}{data}{grid}")
    program.run("run", job, "-o", folder / "sweep", ranks=ranks)
    program.run("verify", folder / "sweep")
    return folder / "sweep"


@pytest.mark.parametrize("problem", PROBLEMS)
def test_both_precisions_agree(program: Program, tmp_path: Path, problem: str):
    grid = f"grid: [{{precision: [float, double], optimizer: [{', '.join(OPTIMIZERS)}]}}]\n"
    with xr.open_dataset(sweep(program, tmp_path / "all", problem, grid) / "sweep.h5") as runs:
        assert set(runs.status.values) == {"finished"}
        assert runs.weights.dtype == np.float64
        for optimizer in OPTIMIZERS:
            of_optimizer = runs.sel(run=runs.optimizer == optimizer)
            single = of_optimizer.sel(run=of_optimizer.precision == "float").squeeze("run")
            double = of_optimizer.sel(run=of_optimizer.precision == "double").squeeze("run")
            assert not np.array_equal(single.weights, double.weights)
            for name in COMPARED:
                np.testing.assert_allclose(single[name], double[name], rtol=2e-4, err_msg=name)


def test_cross_entropy_and_minibatches(program: Program, tmp_path: Path):
    grid = "optimizer: adam\ngrid: [{precision: [float, double], batch_size: 16}]\n"
    folder = sweep(program, tmp_path / "ce", "mlp", grid, loss="cross-entropy")
    with xr.open_dataset(folder / "sweep.h5") as runs:
        for name in COMPARED:
            np.testing.assert_allclose(*runs[name].values, rtol=2e-4, err_msg=name)


def test_same_bits_on_two_ranks_in_double(program: Program, tmp_path: Path):
    grid = "precision: double\nranks_per_run: 2\ngrid: [{optimizer: [gd, adam], seed: [0, 1]}]\n"
    alone = sweep(program, tmp_path / "alone", "mlp", grid.replace("ranks_per_run: 2", ""))
    shared = sweep(program, tmp_path / "shared", "mlp", grid, ranks=2)
    program.run("compare", alone, shared)


def test_residuals_in_double_go_far_below_rounding_in_single(program: Program, tmp_path: Path):
    grid = "optimizer: adam\nprecision: double\n"
    folder = sweep(program, tmp_path / "tight", "mlp", grid, tolerance="1e-12")
    with h5py.File(folder / "sweep.h5") as file:
        assert np.all(file["converged"][0] == 1)
        for kind in ("hessian", "preconditioned"):
            largest = np.abs(file[f"{kind}_eigenvalues"][0, :, :1])
            assert np.all(file[f"{kind}_residuals"][0] <= 1e-12 * largest)


def test_bench_in_double(program: Program):
    done = program.run("bench", "--seconds", 0.01, "--set", "precision=double")
    assert "double" in done.stdout
