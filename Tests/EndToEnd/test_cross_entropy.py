"""Cross-entropy keeps its digits in single precision, however well the examples are fitted."""

import json
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr

from program import Program
from tanh_network import TanhNetwork

JOB = """\
name: cross-entropy
data: {name: hdf5, path: FOLDER/data.h5, targets: TARGETS}
model: {name: mlp, hidden: [40], activation: tanh}
loss: cross-entropy
optimizer: gd
learning_rate: 0.01
block_size: 10
stop: {steps: 1}
measure: {every: 1, top: 1, tolerance: 1e-4}
grid: [{init.file: [FILES], precision: [float, double]}]
"""
LOSSES = [1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8]
HIDDEN, EXAMPLES, FEATURES = 40, 30, 6


class Classifier(TanhNetwork):
    """The same network under softmax cross-entropy; `y` is one-hot."""

    def _odds(self, output: np.ndarray) -> np.ndarray:
        """What the other classes weigh against the target."""
        distances = output - (output * self.y).sum(1, keepdims=True)
        return np.exp(distances) * (1 - self.y)

    def _losses(self, output: np.ndarray) -> np.ndarray:
        return np.log1p(self._odds(output).sum(1))

    def _slope(self, output: np.ndarray) -> np.ndarray:
        odds = self._odds(output)
        total = odds.sum(1, keepdims=True)
        return (odds - self.y * total) / (1 + total)

    def _bend(self, output: np.ndarray, change: np.ndarray) -> np.ndarray:
        odds = self._odds(output)
        total = odds.sum(1, keepdims=True)
        p = (odds + self.y) / (1 + total)
        change = change - np.take_along_axis(change, p.argmax(1)[:, None], 1)
        return p * (change - (p * change).sum(1, keepdims=True))


class LogisticClassifier(TanhNetwork):
    """The same network with one output under logistic loss; `y` is +1 and -1."""

    def _losses(self, output: np.ndarray) -> np.ndarray:
        return np.logaddexp(0, -self.y * output)

    def _slope(self, output: np.ndarray) -> np.ndarray:
        return -self.y * np.exp(-np.logaddexp(0, self.y * output))

    def _bend(self, output: np.ndarray, change: np.ndarray) -> np.ndarray:
        return change * np.exp(-np.logaddexp(0, output) - np.logaddexp(0, -output))


def problem(classes: int, signed: bool) -> tuple[TanhNetwork, np.ndarray]:
    """A network and its classes."""
    random = np.random.default_rng(classes)
    x = random.normal(size=(EXAMPLES, FEATURES)).astype(np.float32).astype(np.float64)
    labels = np.arange(EXAMPLES) % classes
    y = 2.0 * labels[:, None] - 1 if signed else np.eye(classes)[labels]
    return (LogisticClassifier if signed else Classifier)(x, y, [HIDDEN]), labels


def fitted(network: TanhNetwork, goal: float, wrong: int = 0) -> np.ndarray:
    """Weights in single precision with about this loss.

    Where some examples are fitted to a wrong class, `goal` is a factor on the last
    layer, by which the network is sure of all it says.
    """
    random = np.random.default_rng(7)
    weight, bias = random.normal(size=(HIDDEN, FEATURES)), random.normal(size=HIDDEN)
    hidden = np.column_stack([np.tanh(network.x @ weight.T + bias), np.ones(len(network.x))])
    wanted = network.y if network.y.shape[1] == 1 else 2 * network.y - 1
    wanted = np.concatenate([np.roll(wanted[:wrong], 1, axis=1), wanted[wrong:]])
    last = np.linalg.lstsq(hidden, wanted + 0.1 * random.normal(size=wanted.shape), rcond=None)[0]

    def scaled(factor: float) -> np.ndarray:
        parts = [weight, bias, factor * last[:-1].T, factor * last[-1]]
        return np.concatenate([part.ravel() for part in parts]).astype(np.float32)

    if wrong:
        return scaled(goal)
    low, high = 0.0, 200.0
    for _ in range(60):
        middle = (low + high) / 2
        if network.loss(scaled(middle).astype(np.float64)) > goal:
            low = middle
        else:
            high = middle
    return scaled(high)


def measured(
    program: Program,
    folder: Path,
    labels: np.ndarray,
    network: TanhNetwork,
    starts: list[np.ndarray],
) -> xr.Dataset:
    """One step from every start in both precisions, by the number of the start and precision."""
    with h5py.File(folder / "data.h5", "w") as file:
        file["x"], file["y"] = network.x.astype(np.float32), labels
    files = [str(folder / f"start{number}.h5") for number in range(len(starts))]
    for path, start in zip(files, starts, strict=True):
        with h5py.File(path, "w") as file:
            file["weights"] = start
    targets = "signed" if network.y.shape[1] == 1 else "one-hot"
    text = JOB.replace("FILES", ", ".join(files)).replace("FOLDER", str(folder))
    (folder / "job.yaml").write_text(text.replace("TARGETS", targets))
    program.run("run", folder / "job.yaml", "-o", folder / "out")
    with xr.open_dataset(folder / "out" / "sweep.h5") as sweep:
        return sweep.load()


def compare(
    program: Program, folder: Path, classes: int, starts: list[np.ndarray], signed: bool = False
):
    """Holds loss, gradient norm and sharpness against those in double precision by hand."""
    network, labels = problem(classes, signed)
    sweep = measured(program, folder, labels, network, starts)
    configurations = [json.loads(text) for text in sweep.config_json.values]
    places = {(c["init"]["file"], c["precision"]): index for index, c in enumerate(configurations)}
    for number, start in enumerate(starts):
        weights = start.astype(np.float64)
        sharpness = network.top_eigenvalues(weights, 1, tolerance=1e-9)[0][0]
        exact = network.loss(weights), np.linalg.norm(network.gradient(weights)), sharpness
        products = {}
        for precision in ("float", "double"):
            run = sweep.isel(run=places[f"{folder}/start{number}.h5", precision])
            found = [run[name].values[0] for name in ("train_loss", "gradient_norm", "sharpness")]
            np.testing.assert_allclose(found, exact, rtol=1e-4, err_msg=precision)
            assert run.converged.values[0]
            products[precision] = int(run.hessian_products.values)
        assert products["float"] <= 1.2 * products["double"] + 2


@pytest.mark.parametrize("classes", [2, 3, 10])
@pytest.mark.fault("D-F1")
def test_fitted_examples_have_all_their_digits(program: Program, tmp_path: Path, classes: int):
    network, _ = problem(classes, signed=False)
    compare(program, tmp_path, classes, [fitted(network, goal) for goal in LOSSES])


def test_examples_that_are_surely_wrong_do_not_hide_the_others(program: Program, tmp_path: Path):
    network, _ = problem(3, signed=False)
    compare(program, tmp_path, 3, [fitted(network, factor, wrong=3) for factor in (5, 15, 40)])


def test_signed_targets_have_all_their_digits(program: Program, tmp_path: Path):
    network, _ = problem(2, signed=True)
    compare(program, tmp_path, 2, [fitted(network, goal) for goal in LOSSES], signed=True)


def test_the_classifiers_by_hand_are_right():
    for signed in (False, True):
        network, _ = problem(2 if signed else 3, signed)
        weights = fitted(network, 0.3).astype(np.float64)
        direction = np.random.default_rng(0).normal(size=weights.size)
        ahead, behind = weights + 1e-5 * direction, weights - 1e-5 * direction
        slope = (network.loss(ahead) - network.loss(behind)) / 2e-5
        np.testing.assert_allclose(network.gradient(weights) @ direction, slope, rtol=1e-6)
        turn = (network.gradient(ahead) - network.gradient(behind)) / 2e-5
        product = network.hessian(weights).matvec(direction)
        np.testing.assert_allclose(product, turn, atol=1e-6 * np.abs(turn).max())
