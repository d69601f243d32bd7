"""The same work in PyTorch, as fast as its ordinary interface allows.

Parameters and gradients are views of two flat vectors, so that nothing is concatenated. The sum
over examples runs over blocks, whose size the benchmark chooses to suit PyTorch.
"""

import importlib.util
from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse.linalg import LinearOperator, eigsh

from small_networks import BETA1, BETA2, EPSILON, SmallNetwork
from turns import seconds_per_call

IS_INSTALLED = importlib.util.find_spec("torch") is not None
if TYPE_CHECKING or IS_INSTALLED:
    import torch  # pyright: ignore[reportMissingImports]

INSTALL = ".venv/bin/pip install torch"
"""How to get PyTorch; `make setup` does not install it, because only the comparison needs it."""

BLOCK_SIZES = (250, 500, 1000)


def use_threads(count: int) -> None:
    """Sets how many cores PyTorch uses."""
    torch.set_num_threads(count)


def mlp():
    """The network 3072-200-200-10 with tanh."""
    nn = torch.nn
    layers = (nn.Linear(3072, 200), nn.Tanh(), nn.Linear(200, 200), nn.Tanh(), nn.Linear(200, 10))
    return nn.Sequential(*layers)


def small(network: SmallNetwork):
    """A fully-connected network with tanh."""
    nn = torch.nn
    layers = []
    for (inputs, outputs), bias in zip(pairwise(network.widths), network.biases, strict=True):
        layers += [nn.Linear(inputs, outputs, bias=bias), nn.Tanh()]
    return nn.Sequential(*layers[:-1])


def cnn():
    """Two 3x3 convolutions of 32 channels, with tanh and average pooling, and a linear layer."""
    nn = torch.nn

    def stage(channels: int):
        return nn.Conv2d(channels, 32, 3, padding=1), nn.Tanh(), nn.AvgPool2d(2)

    flat = (nn.Flatten(), nn.Linear(32 * 8 * 8, 10))
    return nn.Sequential(nn.Unflatten(1, (3, 32, 32)), *stage(3), *stage(32), *flat)


class Problem:
    """Half the squared error of a network, summed over outputs and averaged over examples."""

    def __init__(self, network, x: np.ndarray, y: np.ndarray, block_size: int):
        """Takes over the network's parameters; `x` has a row per example, as has `y`."""
        self.x, self.y = torch.from_numpy(x), torch.from_numpy(y)
        self.network, self.examples = network.to(self.x.dtype), len(x)
        self.parameters = list(network.parameters())
        self.block_size = block_size
        self.count = sum(parameter.numel() for parameter in self.parameters)
        self.flat, self.flat_gradient = torch.zeros(2, self.count, dtype=self.x.dtype)
        for parameter, view, gradient in zip(
            self.parameters, self.views(self.flat), self.views(self.flat_gradient), strict=True
        ):
            view.copy_(parameter.data)
            parameter.data, parameter.grad = view, gradient

    def set_weights(self, weights: np.ndarray) -> None:
        """Puts the network at these weights, in PyTorch's order of parameters."""
        self.flat.copy_(torch.from_numpy(weights))

    def views(self, flat) -> list:
        """The parts of a flat vector that belong to the parameters, in their shapes."""
        parts = flat.split([parameter.numel() for parameter in self.parameters])
        return [
            part.view_as(parameter) for part, parameter in zip(parts, self.parameters, strict=True)
        ]

    def block_losses(self):
        """The parts of the loss, one for each block of examples."""
        for first in range(0, self.examples, self.block_size):
            rows = slice(first, first + self.block_size)
            yield 0.5 * (self.network(self.x[rows]) - self.y[rows]).square().sum() / self.examples

    def gradient(self):
        """The gradient as a flat vector, which the next call overwrites."""
        self.loss_and_gradient()
        return self.flat_gradient

    def loss_and_gradient(self) -> float:
        """The loss; the gradient is left in `flat_gradient`."""
        self.flat_gradient.zero_()
        total = 0.0
        for loss in self.block_losses():
            loss.backward()
            total += loss.item()
        return total

    def gradient_graphs(self) -> list:
        """Gradients that can be differentiated again, block by block."""
        return [
            torch.autograd.grad(loss, self.parameters, create_graph=True)
            for loss in self.block_losses()
        ]

    def hessian_product(self, v, graphs: list | None = None):
        """The Hessian times a flat vector; without `graphs` they are built anew."""
        if graphs is not None:
            return self._product(v, graphs, retain=True)
        losses = self.block_losses()
        fresh = (torch.autograd.grad(loss, self.parameters, create_graph=True) for loss in losses)
        return self._product(v, fresh, retain=False)

    def _product(self, v, graphs, *, retain: bool):
        total = torch.zeros_like(v)
        parts = self.views(total)
        for gradients in graphs:
            # The Hessian is symmetric: the gradient's transposed derivative is its derivative.
            pieces = torch.autograd.grad(
                gradients, self.parameters, self.views(v), retain_graph=retain
            )
            torch._foreach_add_(parts, list(pieces))
        return total

    def step(self, learning_rate: float) -> float:
        """One step of gradient descent; the loss before it."""
        loss = self.loss_and_gradient()
        self.flat.add_(self.flat_gradient, alpha=-learning_rate)
        return loss

    def top_eigenvalues(self, count: int, tolerance: float) -> tuple[np.ndarray, int]:
        """The largest algebraic eigenvalues by ARPACK from a cold start, and its products."""
        graphs, products = self.gradient_graphs(), 0

        def multiply(v: np.ndarray) -> np.ndarray:
            nonlocal products
            products += 1
            return self.hessian_product(torch.from_numpy(v.ravel()), graphs).numpy()

        shape = (self.count, self.count)
        operator = LinearOperator(shape, matvec=multiply, dtype=np.float32)  # pyright: ignore
        options = {"which": "LA", "tol": tolerance, "return_eigenvectors": False}
        values = eigsh(operator, count, **options)
        return np.sort(values)[::-1], products


class Adam:
    """Adam on the flat vectors of a problem, in as few operations as PyTorch's interface has."""

    def __init__(self, problem: Problem):
        """Begins with moments of zero."""
        self.problem, self.steps = problem, 0
        self.first, self.second = torch.zeros(2, problem.count, dtype=problem.flat.dtype)

    def step(self, learning_rate: float) -> float:
        """One step; the loss before it."""
        loss, gradient = self.problem.loss_and_gradient(), self.problem.flat_gradient
        self.steps += 1
        self.first.lerp_(gradient, 1 - BETA1)
        self.second.mul_(BETA2).addcmul_(gradient, gradient, value=1 - BETA2)
        root = self.second.div(1 - BETA2**self.steps).sqrt_().add_(EPSILON)
        self.problem.flat.addcdiv_(self.first, root, value=-learning_rate / (1 - BETA1**self.steps))
        return loss


def fastest(network: Callable, x: np.ndarray, y: np.ndarray) -> Problem:
    """A problem with the block size with which gradient and product together are fastest."""

    def cost(size: int) -> float:
        sample = slice(0, BLOCK_SIZES[-1])
        problem = Problem(network(), x[sample], y[sample], size)
        graphs = problem.gradient_graphs()
        return seconds_per_call(0.5, problem.gradient) + seconds_per_call(
            0.5, lambda: problem.hessian_product(problem.flat, graphs)
        )

    return Problem(network(), x, y, min(BLOCK_SIZES, key=cost))


def matrix_products(block_size: int, blocks: int, widths: list[int]) -> Callable[[], None]:
    """The matrix products of a fully-connected network's gradient alone, in PyTorch.

    Per block and layer: outputs, gradient of the weights and, but for the first, of the inputs.
    """
    products = []
    for layer, (inputs, outputs) in enumerate(zip(widths, widths[1:], strict=False)):
        x, delta = torch.randn(block_size, inputs), torch.randn(block_size, outputs)
        weight = torch.randn(outputs, inputs)
        products += [(x, weight.T), (delta.T, x)] + ([(delta, weight)] if layer > 0 else [])
    buffers = [torch.empty(a.shape[0], b.shape[1]) for a, b in products]

    def multiply() -> None:
        for _ in range(blocks):
            for (a, b), buffer in zip(products, buffers, strict=True):
                torch.mm(a, b, out=buffer)

    return multiply


def versions() -> str:
    """PyTorch's version and what it multiplies matrices with."""
    if not IS_INSTALLED:
        return f"not installed ({INSTALL})"
    blas = "MKL" if torch.backends.mkl.is_available() else "another BLAS"
    return f"{torch.__version__} with {blas}"
