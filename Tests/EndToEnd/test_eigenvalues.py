"""The program's eigenvalues against SciPy's, with derivatives written down independently."""

from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr
from scipy.sparse.linalg import LinearOperator, eigsh

from jobs import IMAGES
from program import Program

JOB = """\
name: eigenvalues
data: %(data)s
model: {name: mlp, hidden: %(hidden)s, activation: tanh}
loss: mse
optimizer: gd
learning_rate: %(rate)s
block_size: 100
stop: {steps: %(steps)d}
measure: {every: 1, top: 3, tolerance: 5e-3}
keep_weights: final
init: {file: %(init)s}
"""


class Network:
    """A tanh network under mean squared error; parameters in PyTorch's order."""

    def __init__(self, x: np.ndarray, y: np.ndarray, hidden: list[int]):
        self.x, self.y = x, y
        widths = [x.shape[1], *hidden, y.shape[1]]
        self.shapes = list(zip(widths[1:], widths[:-1], strict=True))

    def layers(self, flat: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        layers, offset = [], 0
        for rows, columns in self.shapes:
            weight = flat[offset : offset + rows * columns].reshape(rows, columns)
            offset += rows * columns
            layers.append((weight, flat[offset : offset + rows]))
            offset += rows
        assert offset == flat.size
        return layers

    def gradient(self, flat: np.ndarray) -> np.ndarray:
        layers = self.layers(flat)
        activations = [self.x]
        for weight, bias in layers[:-1]:
            activations.append(np.tanh(activations[-1] @ weight.T + bias))
        weight, bias = layers[-1]
        delta = (activations[-1] @ weight.T + bias - self.y) / len(self.x)
        pieces: list[np.ndarray] = []
        for (weight, _), activation in zip(reversed(layers), reversed(activations), strict=True):
            pieces = [(delta.T @ activation).ravel(), delta.sum(0), *pieces]
            delta = (delta @ weight) * (1 - activation**2)
        return np.concatenate(pieces)

    def top_eigenvalues(self, flat: np.ndarray, count: int) -> np.ndarray:
        def product(v: np.ndarray) -> np.ndarray:
            step = 1e-5 * v.ravel() / np.linalg.norm(v)
            slope = (self.gradient(flat + step) - self.gradient(flat - step)) / 2e-5
            return slope * np.linalg.norm(v)

        operator = LinearOperator((flat.size, flat.size), matvec=product, dtype=np.float64)
        start = np.random.default_rng(0).normal(size=flat.size)
        values = eigsh(operator, count, which="LA", tol=1e-6, v0=start, return_eigenvectors=False)
        return np.sort(values)[::-1]


def compare(
    program: Program, folder: Path, data: str, network: Network, hidden: list[int], rate: float
):
    """Trains, takes up the weights again in a second run, and checks what is measured there."""
    job = folder / "job.yaml"
    settings = {"data": data, "hidden": hidden, "rate": rate, "steps": 30, "init": "none"}
    job.write_text(JOB % settings)
    program.run("run", job, "-o", folder / "first", "--set", "measure.every=30")
    shard = next((folder / "first" / "shards").glob("*.h5"))
    job.write_text(JOB % {**settings, "steps": 1, "init": shard})
    program.run("run", job, "-o", folder / "second")
    with xr.open_dataset(folder / "second" / "sweep.h5") as sweep:
        measured = sweep.hessian_eigenvalues.values[0, 0]
    with h5py.File(shard) as file:
        weights = file["weights"][0].astype(np.float64)
    expected = network.top_eigenvalues(weights, 3)
    np.testing.assert_allclose(measured, expected, rtol=1e-3)


def test_a_small_network_on_data_of_ones_own(program: Program, tmp_path: Path):
    random = np.random.default_rng(1)
    x = random.normal(size=(150, 12)) * np.linspace(2, 0.2, 12)
    y = random.normal(size=(150, 2))
    with h5py.File(tmp_path / "data.h5", "w") as file:
        file["x"], file["y"] = x, y
    data = f"{{name: hdf5, path: {tmp_path}/data.h5}}"
    compare(program, tmp_path, data, Network(x, y, [10, 8]), [10, 8], rate=0.1)


@pytest.mark.skipif(not IMAGES.exists(), reason=f"needs real images in {IMAGES}")
def test_real_images(program: Program, tmp_path: Path):
    raw = np.fromfile(IMAGES, dtype=np.uint8).reshape(-1, 3073)
    pixels = raw[:, 1:].astype(np.float64) / 255
    x = ((pixels - pixels.mean(0)) / pixels.std(0))[:500]
    y = np.eye(10)[raw[:500, 0]]
    data = f"{{name: cifar10, path: {IMAGES}, examples: 500}}"
    compare(program, tmp_path, data, Network(x, y, [50, 50]), [50, 50], rate=0.02)
