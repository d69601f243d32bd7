"""A tanh network with derivatives written by hand in NumPy: what other results are held against.

Nothing is shared with the program: no generated derivative, no sums over blocks, another
eigensolver.
"""

import numpy as np
from scipy.sparse.linalg import LinearOperator, eigsh

Layers = list[tuple[np.ndarray, np.ndarray]]


class TanhNetwork:
    """A fully-connected tanh network under mean squared error; parameters in PyTorch's order.

    The loss is half the squared error, summed over outputs and averaged over examples. Everything
    is computed in the precision of `x`.
    """

    def __init__(self, x: np.ndarray, y: np.ndarray, hidden: list[int]):
        """Takes examples and targets, a row each, and the widths of the hidden layers."""
        self.x, self.y = x, y
        widths = [x.shape[1], *hidden, y.shape[1]]
        self.shapes = list(zip(widths[1:], widths[:-1], strict=True))
        self.count = sum(rows * columns + rows for rows, columns in self.shapes)

    def layers(self, flat: np.ndarray) -> Layers:
        """Weight matrix and bias of each layer, as views."""
        assert flat.size == self.count
        layers, offset = [], 0
        for rows, columns in self.shapes:
            weight = flat[offset : offset + rows * columns].reshape(rows, columns)
            offset += rows * columns
            layers.append((weight, flat[offset : offset + rows]))
            offset += rows
        return layers

    def loss(self, flat: np.ndarray) -> float:
        """The loss at these weights."""
        activations, output = self._forward(self.layers(flat))
        return float(self._losses(output).sum() / len(self.x))

    def gradient(self, flat: np.ndarray) -> np.ndarray:
        """The gradient of the loss, by backpropagation."""
        layers = self.layers(flat)
        activations, output = self._forward(layers)
        deltas = self._backward(layers, activations, self._slope(output) / len(self.x))
        return self._outer(deltas, activations)

    def hessian(self, flat: np.ndarray) -> LinearOperator:
        """The Hessian at these weights; what does not depend on the direction is kept.

        The product is the derivative of the gradient along a direction: Pearlmutter, Neural
        Computation 6 (1994), section 4.
        """
        layers = self.layers(flat)
        activations, output = self._forward(layers)
        deltas = self._backward(layers, activations, self._slope(output) / len(self.x))

        def product(direction: np.ndarray) -> np.ndarray:
            tangents = self.layers(direction.ravel())
            moved, change = self._forward_tangent(layers, activations, tangents)
            change = self._bend(output, change)
            return self._outer_tangent(layers, activations, deltas, tangents, moved, change)

        shape = (self.count, self.count)
        return LinearOperator(shape, matvec=product, dtype=flat.dtype)  # pyright: ignore

    def top_eigenvalues(
        self, flat: np.ndarray, count: int, tolerance: float = 1e-6
    ) -> tuple[np.ndarray, int]:
        """The largest algebraic eigenvalues by ARPACK, descending, and the products it took."""
        hessian, products = self.hessian(flat), 0

        def counted(direction: np.ndarray) -> np.ndarray:
            nonlocal products
            products += 1
            return hessian.matvec(direction)

        operator = LinearOperator(hessian.shape, matvec=counted, dtype=flat.dtype)  # pyright: ignore
        start = np.random.default_rng(0).normal(size=flat.size).astype(flat.dtype)
        options = {"which": "LA", "tol": tolerance, "v0": start, "return_eigenvectors": False}
        return np.sort(eigsh(operator, count, **options))[::-1], products

    def _losses(self, output: np.ndarray) -> np.ndarray:
        """The losses of the examples, or their parts."""
        return 0.5 * np.square(output - self.y)

    def _slope(self, output: np.ndarray) -> np.ndarray:
        """The derivatives of the losses by the outputs."""
        return output - self.y

    def _bend(self, output: np.ndarray, change: np.ndarray) -> np.ndarray:
        """How the slope changes with the outputs."""
        return change

    def _forward(self, layers: Layers) -> tuple[list[np.ndarray], np.ndarray]:
        """The inputs of every layer, and the output of the last."""
        activations = [self.x]
        for weight, bias in layers[:-1]:
            activations.append(np.tanh(activations[-1] @ weight.T + bias))
        weight, bias = layers[-1]
        return activations, activations[-1] @ weight.T + bias

    def _backward(
        self, layers: Layers, activations: list[np.ndarray], delta: np.ndarray
    ) -> list[np.ndarray]:
        """The loss's derivatives by the pre-activations of every layer."""
        deltas = [delta]
        for (weight, _), activation in zip(layers[:0:-1], activations[:0:-1], strict=True):
            deltas.insert(0, (deltas[0] @ weight) * (1 - activation**2))
        return deltas

    def _outer(self, deltas: list[np.ndarray], activations: list[np.ndarray]) -> np.ndarray:
        """Gradients of all weights and biases, flat."""
        pieces = []
        for delta, activation in zip(deltas, activations, strict=True):
            pieces += [(delta.T @ activation).ravel(), delta.sum(0)]
        return np.concatenate(pieces)

    def _forward_tangent(
        self, layers: Layers, activations: list[np.ndarray], tangents: Layers
    ) -> tuple[list[np.ndarray], np.ndarray]:
        """The derivative of `_forward`: inputs of all layers but the first, and output."""
        moved: list[np.ndarray] = []
        for (weight, _), (tangent, shift), activation in zip(
            layers, tangents, activations, strict=True
        ):
            if moved:
                moved[-1] *= 1 - activation**2
            change = activation @ tangent.T + shift
            moved.append(change + moved[-1] @ weight.T if moved else change)
        return moved[:-1], moved[-1]

    def _outer_tangent(
        self,
        layers: Layers,
        activations: list[np.ndarray],
        deltas: list[np.ndarray],
        tangents: Layers,
        moved: list[np.ndarray],
        change: np.ndarray,
    ) -> np.ndarray:
        """The derivatives of `_backward` and `_outer`, from the last layer to the first."""
        change = change / len(self.x)
        pieces: list[np.ndarray] = []
        for index in reversed(range(len(layers))):
            matrix, shift = change.T @ activations[index], change.sum(0)
            if index > 0:
                matrix += deltas[index].T @ moved[index - 1]
                weight, tangent = layers[index][0], tangents[index][0]
                activation = activations[index]
                change = (change @ weight + deltas[index] @ tangent) * (1 - activation**2)
                change -= 2 * activation * moved[index - 1] * (deltas[index] @ weight)
            pieces = [matrix.ravel(), shift, *pieces]
        return np.concatenate(pieces)
