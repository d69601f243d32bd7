"""A step of a central flow in PyTorch: the same work as ours, and as the authors' code does it.

Only what costs something is done: gradients, Hessian products, third derivatives. What is left out,
small matrices and the complementarity problem, takes PyTorch's time only.
"""

from collections.abc import Callable
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse.linalg import LinearOperator, eigsh, lobpcg

import peer

if TYPE_CHECKING or peer.IS_INSTALLED:
    import torch  # pyright: ignore[reportMissingImports]

SUBSTEPS_OF_AUTHORS = 4
RAYLEIGH_QUOTIENTS_OF_AUTHORS = 3
"""In every step, after the first substep, for each direction (central flows, published code)."""


class FlowPeer:
    """PyTorch at some weights, with the two largest eigenpairs there as critical directions."""

    def __init__(self, problem: peer.Problem, weights: np.ndarray, learning_rate: float):
        """Solves for the eigenvectors; the next point of the path is a step of the flow away."""
        self.problem, self.weights = problem, weights
        problem.set_weights(weights)
        operator, _ = self._operator(problem.gradient_graphs())
        options = {"which": "LA", "tol": 1e-4}
        values, vectors = eigsh(operator, 2, **options)
        self.scale, self.vectors = float(values.max()), np.ascontiguousarray(vectors.T)
        self.directions = [torch.from_numpy(vector.copy()) for vector in self.vectors]
        self.pairs = list(combinations_with_replacement(range(2), 2))
        self.next_weights = weights - learning_rate * problem.gradient().numpy()

    def third_derivatives(self) -> np.ndarray:
        """`D3L[u, v]` of all pairs of directions."""
        self.problem.set_weights(self.weights)
        return np.stack([third.numpy() for third in self._thirds(self.problem.gradient_graphs())])

    def same_work(self, substeps: int, products: int) -> None:
        """As many linearisations and Hessian products as we take, with graphs kept.

        Among the products are those of the directions, which third derivatives need anyway.
        """
        self.problem.set_weights(self.weights)
        for substep in range(substeps):
            graphs = self.problem.gradient_graphs()
            if substep == 0:
                for _ in range(products - substeps * len(self.directions)):
                    self.problem.hessian_product(self.directions[0], graphs)
            self._gram(self._thirds(graphs))

    def authors_step(self) -> int:
        """Gradients in substeps, LOBPCG, and pairs one by one, every graph built anew.

        Returns the products that the eigenvectors took, from those of the point before, to our
        tolerance.
        """
        self.problem.set_weights(self.next_weights)
        operator, count = self._operator()
        lobpcg(operator, self.vectors.T.copy(), tol=1e-4 * self.scale, maxiter=50, largest=True)
        solved = count()
        for substep in range(SUBSTEPS_OF_AUTHORS):
            self.problem.loss_and_gradient()
            for _ in range(RAYLEIGH_QUOTIENTS_OF_AUTHORS if substep == 0 else 0):
                for direction in self.directions:
                    self.problem.hessian_product(direction)
            self._gram([self._third_anew(i, j) for i, j in self.pairs])
        return solved

    def _thirds(self, graphs: list) -> list:
        """All pairs at once: the graph of each direction's product is used for all its partners."""
        problem = self.problem
        totals = [torch.zeros(problem.count) for _ in self.pairs]
        views = [problem.views(direction) for direction in self.directions]
        for gradients in graphs:
            images = [
                torch.autograd.grad(gradients, problem.parameters, view, create_graph=True)
                for view in views
            ]
            for (i, j), total in zip(self.pairs, totals, strict=True):
                pieces = torch.autograd.grad(
                    images[i], problem.parameters, views[j], retain_graph=True
                )
                torch._foreach_add_(problem.views(total), list(pieces))
        return totals

    def _third_anew(self, i: int, j: int):
        problem, total = self.problem, torch.zeros(self.problem.count)
        first, second = (problem.views(self.directions[k]) for k in (i, j))
        for loss in problem.block_losses():
            gradients = torch.autograd.grad(loss, problem.parameters, create_graph=True)
            image = torch.autograd.grad(gradients, problem.parameters, first, create_graph=True)
            pieces = torch.autograd.grad(image, problem.parameters, second)
            torch._foreach_add_(problem.views(total), list(pieces))
        return total

    def _gram(self, thirds: list):
        stacked = torch.stack([*thirds, self.problem.flat])
        return stacked @ stacked.T

    def _operator(self, graphs: list | None = None) -> tuple[LinearOperator, Callable[[], int]]:
        """The Hessian, and how many products it was asked for."""
        products = 0

        def multiply(v: np.ndarray) -> np.ndarray:
            nonlocal products
            products += 1
            return self.problem.hessian_product(torch.from_numpy(v.ravel().copy()), graphs).numpy()

        shape = (self.problem.count, self.problem.count)
        operator = LinearOperator(shape, matvec=multiply, dtype=np.float32)  # pyright: ignore
        return operator, lambda: products
