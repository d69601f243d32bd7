"""Central flows of a small tanh network, written down once more, dense and with exact derivatives.

Nothing is shared with the program: derivatives are formulas of this network, eigenvectors are all
of them, and the complementarity problem is solved by projected gradients. It is slow, and only
meant to be held against.

In units of the step size: `P` includes `1 / eta`, so that the edge of stability is at 2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np


class TanhNetwork:
    """`f(x) = a . tanh(w x + b)`, half the mean squared error; weights in the order w, b, a."""

    def __init__(self, inputs: np.ndarray, targets: np.ndarray, hidden: int) -> None:
        self.x, self.y, self.hidden = inputs, targets, hidden

    @classmethod
    def chebyshev(cls, degree: int, points: int, hidden: int) -> TanhNetwork:
        """The network on a Chebyshev polynomial at evenly spaced points."""
        x = np.linspace(-1, 1, points)
        return cls(x, np.polynomial.Chebyshev.basis(degree)(x), hidden)

    def _parts(self, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        h = self.hidden
        return np.outer(self.x, v[:h]) + v[h : 2 * h], v[2 * h :]

    def _layers(self, w: np.ndarray) -> tuple[np.ndarray, ...]:
        z, a = self._parts(w)
        t = np.tanh(z)
        s = 1 - t * t
        return t, s, -2 * t * s, (6 * t * t - 2) * s, a, t @ a - self.y

    def _flat(self, by_z: np.ndarray, by_a: np.ndarray) -> np.ndarray:
        """From derivatives by z and a to those by the weights; one row for each example."""
        return np.hstack([by_z * self.x[:, None], by_z, by_a])

    def loss(self, w: np.ndarray) -> float:
        """The loss."""
        return 0.5 * float(np.mean(self._layers(w)[5] ** 2))

    def gradient(self, w: np.ndarray) -> np.ndarray:
        """Its gradient."""
        t, s, _, _, a, r = self._layers(w)
        return self._flat(a * s, t).T @ r / len(self.x)

    def hessian(self, w: np.ndarray) -> np.ndarray:
        """Its Hessian."""
        t, s, s2, _, a, r = self._layers(w)
        jacobian = self._flat(a * s, t)
        result = jacobian.T @ jacobian / len(self.x)
        h, weight = self.hidden, r / len(self.x)
        units = np.arange(h)
        for i, left in ((0, self.x), (h, np.ones_like(self.x))):
            for j, right in ((0, self.x), (h, np.ones_like(self.x))):
                result[units + i, units + j] += (weight * left * right) @ (a * s2)
            mixed = (weight * left) @ s
            result[units + i, units + 2 * h] += mixed
            result[units + 2 * h, units + i] += mixed
        return result

    def third(self, w: np.ndarray, u: np.ndarray, v: np.ndarray) -> np.ndarray:
        """`grad (u^T H v)`."""
        t, s, s2, s3, a, r = self._layers(w)
        (zu, au), (zv, av) = self._parts(u), self._parts(v)
        jacobian = self._flat(a * s, t)
        fu = (a * s * zu + au * t).sum(1)
        fv = (a * s * zv + av * t).sum(1)
        fuv = (a * s2 * zu * zv + au * s * zv + av * s * zu).sum(1)
        hu = self._flat(a * s2 * zu + au * s, s * zu)
        hv = self._flat(a * s2 * zv + av * s, s * zv)
        d3 = self._flat(a * s3 * zu * zv + au * s2 * zv + av * s2 * zu, s2 * zu * zv)
        return (hv.T @ fu + hu.T @ fv + jacobian.T @ fuv + d3.T @ r) / len(self.x)


def complementarity(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """`X >= 0` with `A + B[X] >= 0` and `<X, A + B[X]> = 0`; `b` is a matrix on flattened matrices.

    Accelerated projected gradients of `<A, X> + <X, B[X]> / 2`, restarted where they overshoot.
    """
    k = len(a)
    if k == 1:
        return np.maximum(0, -a / b[0, 0])

    def project(m: np.ndarray) -> np.ndarray:
        values, vectors = np.linalg.eigh((m + m.T) / 2)
        return (vectors * np.maximum(values, 0)) @ vectors.T

    rate = 1 / np.linalg.norm(b, 2)
    x = ahead = np.zeros((k, k))
    momentum = 1.0
    for _ in range(20000):
        new = project(ahead - rate * (a + (b @ ahead.ravel()).reshape(k, k)))
        if np.linalg.norm(new - ahead) <= 1e-14 * np.linalg.norm(new):
            return new
        if np.sum((ahead - new) * (new - x)) > 0:
            ahead, momentum = new, 1.0
        else:
            following = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
            ahead, momentum = new + (momentum - 1) / following * (new - x), following
        x = new
    return x


@dataclass
class Moments:
    """The averages of squared gradients of RMSProp; those at the weights are taken in already."""

    nu: np.ndarray
    updates: int
    beta2: float
    epsilon: float = 0.0
    bias_correction: bool = False
    is_scalar: bool = False

    def squares(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """What the average of the products of two vectors approaches."""
        return np.array([x @ y]) if self.is_scalar else x * y


@dataclass
class CentralFlow:
    """The state of a central flow, and what it said last of the beginning of a step."""

    network: TanhNetwork
    w: np.ndarray
    eta: Callable[[float], float]
    moments: Moments | None = None
    substeps: int = 2
    criticality: float = 1.95
    time: int = 0
    eigenvalues: np.ndarray = field(default_factory=lambda: np.zeros(0))
    variances: np.ndarray = field(default_factory=lambda: np.zeros(0))

    def _scales(self, time: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """`P`, and its derivatives by moments and by time, for a constant step size."""
        ones, eta, m = np.ones_like(self.w), self.eta(self.time + time), self.moments
        if m is None:
            return ones / eta, 0 * ones, 0 * ones
        rest = m.beta2 ** (m.updates + time) if m.bias_correction else 0.0
        root = np.sqrt(m.nu / (1 - rest)) * ones
        with np.errstate(divide="ignore"):
            slope = np.where(root > 0, 1 / (2 * eta * (1 - rest) * root), 0)
        return (
            (root + m.epsilon) / eta,
            slope,
            root / (2 * eta) * rest * np.log(m.beta2) / (1 - rest),
        )

    def step(self) -> None:
        """One unit of time."""
        for substep in range(self.substeps):
            self._move(substep / self.substeps, 1 / self.substeps)
        self.time += 1
        if self.moments:
            self.moments.updates += 1

    def _move(self, time: float, dt: float) -> None:
        p, slope, by_time = self._scales(time)
        g, hessian = self.network.gradient(self.w), self.network.hessian(self.w)
        inverse = np.where(p > 0, 1 / np.where(p > 0, p, 1), 0)
        root = np.sqrt(inverse)
        values, vectors = np.linalg.eigh(root[:, None] * hessian * root)
        critical = [i for i in range(len(values) - 1, -1, -1) if values[i] > self.criticality]
        u = [root * vectors[:, i] for i in critical]
        k, m = len(u), self.moments
        kappa = (1 - m.beta2) / m.beta2 if m else 0.0
        images = [2 * p * x for x in u]
        drift = by_time + (slope * kappa * (m.squares(g, g) - m.nu) if m else 0)
        a, b = np.zeros((k, k)), np.zeros((k, k, k, k))
        t = [[self.network.third(self.w, x, y) for y in u] for x in u]
        for i in range(k):
            for j in range(k):
                a[i, j] = 2 * u[i] @ (p * u[j]) - u[i] @ hessian @ u[j]
                a[i, j] += dt * (2 * u[i] @ (drift * u[j]) + t[i][j] @ (inverse * g))
                for r in range(k):
                    for s in range(k):
                        b[i, j, r, s] = dt * 0.5 * t[i][j] @ (inverse * t[r][s])
                        if m:
                            moved = slope * kappa * m.squares(images[r], images[s])
                            b[i, j, r, s] += dt * 2 * u[i] @ (moved * u[j])
        x = complementarity(a, b.reshape(k * k, k * k)) if k else a
        force, squares = g.copy(), m.squares(g, g) if m else np.zeros(0)
        for i in range(k):
            for j in range(k):
                force += 0.5 * x[i, j] * t[i][j]
                if m:
                    squares = squares + x[i, j] * m.squares(images[i], images[j])
        if time == 0:
            self.eigenvalues = values[::-1]
            self.variances = np.linalg.eigvalsh(x)[::-1] if k else np.zeros(0)
        self.w = self.w - dt * inverse * force
        if m:
            m.nu = m.nu + dt * kappa * (squares - m.nu)
