"""A fully-connected tanh network in NumPy and Double, written without the program's help."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Problem:
    """Mean over examples of half the squared error; weights in PyTorch's order."""

    widths: Sequence[int]
    output_bias: bool
    inputs: Array
    targets: Array

    def gradient(self, weights: Array) -> Array:
        """The gradient by backpropagation, flat like the weights."""
        layers = self._layers(weights)
        activations = [self.inputs]
        for index, (matrix, bias) in enumerate(layers):
            sums = activations[-1] @ matrix.T + bias
            activations.append(sums if index == len(layers) - 1 else np.tanh(sums))
        delta = (activations[-1] - self.targets) / len(self.inputs)
        pieces: list[Array] = []
        for index in reversed(range(len(layers))):
            has_bias = index < len(layers) - 1 or self.output_bias
            bias = [delta.sum(axis=0)] if has_bias else []
            pieces = [(delta.T @ activations[index]).ravel(), *bias, *pieces]
            delta = (delta @ layers[index][0]) * (1 - activations[index] ** 2)
        return np.concatenate(pieces)

    def hessian_product(self, weights: Array, vector: Array) -> Array:
        """H v by central differences of the gradient, good to about 1e-8."""
        step = 1e-5 / max(np.linalg.norm(vector), 1e-30)
        ahead, behind = weights + step * vector, weights - step * vector
        return (self.gradient(ahead) - self.gradient(behind)) / (2 * step)

    def _layers(self, weights: Array) -> list[tuple[Array, Array]]:
        layers, start = [], 0
        for index, (size_in, size_out) in enumerate(
            zip(self.widths, self.widths[1:], strict=False)
        ):
            matrix = weights[start : start + size_in * size_out].reshape(size_out, size_in)
            start += matrix.size
            bias = np.zeros(size_out)
            if index < len(self.widths) - 2 or self.output_bias:
                bias = weights[start : start + size_out]
                start += size_out
            layers.append((matrix, bias))
        assert start == len(weights)
        return layers
