"""A convolutional network with derivatives written by hand in NumPy: what results are held against.

Nothing is shared with the program: no generated derivative, another way to convolve, another
eigensolver.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.sparse.linalg import LinearOperator, eigsh

Layers = list[tuple[np.ndarray, np.ndarray]]

# Examples taken at a time, so that all windows of a stage fit into memory.
PIECE = 100


class ConvolutionalNetwork:
    """3 x 3 convolutions with padding 1, each with tanh and 2 x 2 average pooling, then a matrix.

    The loss is half the squared error, summed over outputs and averaged over examples; parameters
    stand in PyTorch's order.
    """

    def __init__(self, x: np.ndarray, y: np.ndarray, channels: list[int]):
        """Takes images [n, c, h, w], a row of targets each, and the channels of convolutions."""
        self.x, self.y = x, y
        _, colours, height, width = x.shape
        inputs = [colours, *channels[:-1]]
        self.shapes = [(o, c, 3, 3) for o, c in zip(channels, inputs, strict=True)]
        pixels = (height >> len(channels)) * (width >> len(channels))
        self.shapes.append((y.shape[1], channels[-1] * pixels))
        self.count = sum(int(np.prod(shape)) + shape[0] for shape in self.shapes)

    def layers(self, flat: np.ndarray) -> Layers:
        """Weight and bias of each layer, as views."""
        assert flat.size == self.count
        layers, offset = [], 0
        for shape in self.shapes:
            size = int(np.prod(shape))
            weight = flat[offset : offset + size].reshape(shape)
            layers.append((weight, flat[offset + size : offset + size + shape[0]]))
            offset += size + shape[0]
        return layers

    def loss(self, flat: np.ndarray) -> float:
        """The loss at these weights."""
        return self._sum(lambda x, y: self._loss(self.layers(flat), x, y)) / len(self.x)

    def gradient(self, flat: np.ndarray) -> np.ndarray:
        """The gradient of the loss, by backpropagation."""
        return self._sum(lambda x, y: self._gradient(self.layers(flat), x, y)) / len(self.x)

    def top_eigenvalues(self, flat: np.ndarray, count: int) -> np.ndarray:
        """The largest algebraic eigenvalues of the Hessian by ARPACK, descending.

        Products are central differences of the gradient: with steps of 1e-4 and numbers in double
        precision, right to about seven digits.
        """

        def product(direction: np.ndarray) -> np.ndarray:
            step = 1e-4 * direction.ravel() / np.linalg.norm(direction)
            turn = self.gradient(flat + step) - self.gradient(flat - step)
            return turn * np.linalg.norm(direction) / 2e-4

        shape = (self.count, self.count)
        hessian = LinearOperator(shape, matvec=product, dtype=flat.dtype)  # pyright: ignore
        start = np.random.default_rng(0).normal(size=flat.size)
        options = {"which": "LA", "tol": 1e-5, "v0": start, "return_eigenvectors": False}
        return np.sort(eigsh(hessian, count, **options))[::-1]

    def _sum(self, part: Callable[[np.ndarray, np.ndarray], Any]) -> Any:
        """The sum of what `part` makes of every piece of the data."""
        starts = range(PIECE, len(self.x), PIECE)
        total = part(self.x[:PIECE], self.y[:PIECE])
        for start in starts:
            total += part(self.x[start : start + PIECE], self.y[start : start + PIECE])
        return total

    def _loss(self, layers: Layers, x: np.ndarray, y: np.ndarray) -> float:
        return float(0.5 * np.square(self._forward(layers, x)[1] - y).sum())

    def _gradient(self, layers: Layers, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        stages, output = self._forward(layers, x)
        delta = output - y
        rows = stages[-1][0].reshape(len(x), -1)
        pieces = [(delta.T @ rows).ravel(), delta.sum(0)]
        delta = (delta @ layers[-1][0]).reshape(stages[-1][0].shape)
        for (weight, _), (image, _), (_, curve) in zip(
            layers[-2::-1], stages[-2::-1], stages[:0:-1], strict=True
        ):
            spread = delta.repeat(2, axis=2).repeat(2, axis=3) / 4 * (1 - curve**2)
            by_weight = np.tensordot(spread, _windows(image), axes=([0, 2, 3], [0, 2, 3]))
            pieces = [by_weight.ravel(), spread.sum((0, 2, 3)), *pieces]
            turned = weight[:, :, ::-1, ::-1]
            delta = np.tensordot(_windows(spread), turned, axes=([1, 4, 5], [0, 2, 3]))
            delta = np.moveaxis(delta, 3, 1)
        return np.concatenate(pieces)

    def _forward(
        self, layers: Layers, x: np.ndarray
    ) -> tuple[list[tuple[np.ndarray, np.ndarray]], np.ndarray]:
        """What every layer sees, with the tanh that it was pooled from, and the output."""
        stages = [(x, x)]
        for weight, bias in layers[:-1]:
            sums = np.tensordot(_windows(stages[-1][0]), weight, axes=([1, 4, 5], [1, 2, 3]))
            curve = np.tanh(np.moveaxis(sums + bias, 3, 1))
            n, c, h, w = curve.shape
            stages.append((curve.reshape(n, c, h // 2, 2, w // 2, 2).mean((3, 5)), curve))
        weight, bias = layers[-1]
        return stages, stages[-1][0].reshape(len(x), -1) @ weight.T + bias


def _windows(image: np.ndarray) -> np.ndarray:
    """What every pixel sees: [n, c, h, w, 3, 3]."""
    padded = np.pad(image, ((0, 0), (0, 0), (1, 1), (1, 1)))
    return sliding_window_view(padded, (3, 3), axis=(2, 3))  # pyright: ignore
