"""The program's eigenvalues against SciPy's, with derivatives written by hand."""

from pathlib import Path

import h5py
import numpy as np
import xarray as xr

from convolutional_network import ConvolutionalNetwork
from jobs import IMAGES, needs_images
from program import Program
from tanh_network import TanhNetwork

JOB = """\
name: eigenvalues
data: %(data)s
model: %(model)s
loss: mse
optimizer: gd
learning_rate: %(rate)s
block_size: 100
stop: {steps: %(steps)d}
measure: {every: 1, top: 3, tolerance: 5e-3}
keep_weights: final
init: {file: %(init)s}
"""


def measure(
    program: Program, folder: Path, **settings: str | float
) -> tuple[np.ndarray, np.ndarray]:
    """Trains, takes up the weights again in a second run; what is measured there, and weights."""
    job = folder / "job.yaml"
    job.write_text(JOB % {**settings, "steps": 30, "init": "none"})
    program.run("run", job, "-o", folder / "first", "--set", "measure.every=30")
    shard = next((folder / "first" / "shards").glob("*.h5"))
    job.write_text(JOB % {**settings, "steps": 1, "init": shard})
    program.run("run", job, "-o", folder / "second")
    with xr.open_dataset(folder / "second" / "sweep.h5") as sweep:
        measured = sweep.hessian_eigenvalues.values[0, 0]
    with h5py.File(shard) as file:
        return measured, file["weights"][0].astype(np.float64)


def compare(
    program: Program, folder: Path, data: str, network: TanhNetwork, hidden: list[int], rate: float
):
    """Holds eigenvalues of a fully-connected network against SciPy's."""
    model = f"{{name: mlp, hidden: {hidden}, activation: tanh}}"
    measured, weights = measure(program, folder, data=data, model=model, rate=rate)
    expected, _ = network.top_eigenvalues(weights, 3)
    np.testing.assert_allclose(measured, expected, rtol=1e-3)


def test_the_derivatives_by_hand_are_those_of_the_loss():
    random = np.random.default_rng(2)
    network = TanhNetwork(random.normal(size=(20, 5)), random.normal(size=(20, 3)), [6, 4])
    weights, direction = 0.5 * random.normal(size=(2, network.count))
    ahead, behind = weights + 1e-5 * direction, weights - 1e-5 * direction
    slope = (network.loss(ahead) - network.loss(behind)) / 2e-5
    np.testing.assert_allclose(network.gradient(weights) @ direction, slope, rtol=1e-7)
    turn = (network.gradient(ahead) - network.gradient(behind)) / 2e-5
    product = network.hessian(weights).matvec(direction)
    np.testing.assert_allclose(product, turn, atol=1e-7 * np.abs(turn).max())


def test_a_small_network_on_data_of_ones_own(program: Program, tmp_path: Path):
    random = np.random.default_rng(1)
    x = random.normal(size=(150, 12)) * np.linspace(2, 0.2, 12)
    y = random.normal(size=(150, 2))
    with h5py.File(tmp_path / "data.h5", "w") as file:
        file["x"], file["y"] = x, y
    data = f"{{name: hdf5, path: {tmp_path}/data.h5}}"
    compare(program, tmp_path, data, TanhNetwork(x, y, [10, 8]), [10, 8], rate=0.1)


def test_the_derivatives_of_a_convolutional_network_by_hand_are_those_of_the_loss():
    random = np.random.default_rng(3)
    x, y = random.normal(size=(5, 2, 8, 4)), random.normal(size=(5, 3))
    network = ConvolutionalNetwork(x, y, [4, 3])
    weights, direction = 0.5 * random.normal(size=(2, network.count))
    ahead, behind = weights + 1e-5 * direction, weights - 1e-5 * direction
    slope = (network.loss(ahead) - network.loss(behind)) / 2e-5
    np.testing.assert_allclose(network.gradient(weights) @ direction, slope, rtol=1e-7)


def test_images_of_ones_own(program: Program, tmp_path: Path):
    random = np.random.default_rng(4)
    x, y = random.normal(size=(120, 2, 8, 12)), random.normal(size=(120, 3))
    with h5py.File(tmp_path / "data.h5", "w") as file:
        file["x"], file["y"] = x, y
    data = f"{{name: hdf5, path: {tmp_path}/data.h5}}"
    model = "{name: cnn, channels: [5, 4]}"
    measured, weights = measure(program, tmp_path, data=data, model=model, rate=0.05)
    expected = ConvolutionalNetwork(x, y, [5, 4]).top_eigenvalues(weights, 3)
    np.testing.assert_allclose(measured, expected, rtol=1e-3)


def standardized_images(count: int) -> tuple[np.ndarray, np.ndarray]:
    """The first real images, a row of features each, and their classes."""
    raw = np.fromfile(IMAGES, dtype=np.uint8).reshape(-1, 3073)
    pixels = raw[:, 1:].astype(np.float64) / 255
    return ((pixels - pixels.mean(0)) / pixels.std(0))[:count], np.eye(10)[raw[:count, 0]]


@needs_images
def test_real_images(program: Program, tmp_path: Path):
    x, y = standardized_images(500)
    data = f"{{name: cifar10, path: {IMAGES}, examples: 500}}"
    compare(program, tmp_path, data, TanhNetwork(x, y, [50, 50]), [50, 50], rate=0.02)


@needs_images
def test_a_convolutional_network_on_real_images(program: Program, tmp_path: Path):
    x, y = standardized_images(200)
    data = f"{{name: cifar10, path: {IMAGES}, examples: 200}}"
    model = "{name: cnn, channels: [8, 8]}"
    measured, weights = measure(program, tmp_path, data=data, model=model, rate=0.02)
    network = ConvolutionalNetwork(x.reshape(-1, 3, 32, 32), y, [8, 8])
    np.testing.assert_allclose(measured, network.top_eigenvalues(weights, 3), rtol=1e-3)
