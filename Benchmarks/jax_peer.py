"""Training of a small network in JAX: one compiled `lax.scan` over all steps.

XLA reads how many threads it may use from `XLA_FLAGS`, which the benchmark sets before it begins,
and takes more for large products all the same: so all of them get the same processor.
"""

import contextlib
import importlib.util
import os
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from small_networks import BETA1, BETA2, EPSILON, SmallNetwork

IS_INSTALLED = importlib.util.find_spec("jax") is not None
if TYPE_CHECKING or IS_INSTALLED:
    import jax  # pyright: ignore[reportMissingImports]
    import jax.numpy as jnp  # pyright: ignore[reportMissingImports]

    # Single precision stays what it is: all arrays have a type of their own.
    jax.config.update("jax_enable_x64", True)


@contextlib.contextmanager
def on_one_processor() -> Iterator[None]:
    """For this thread, and for good for the threads that it begins meanwhile."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


INSTALL = ".venv/bin/pip install jax"
ONE_THREAD = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
"""For `XLA_FLAGS`."""


class JaxTraining:
    """A network that is compiled and waits at its first weights."""

    def __init__(self, network: SmallNetwork, steps: int):
        """Compiles the training: how long that takes, counts nowhere."""
        self.network, self.steps = network, steps
        with on_one_processor():
            self.x, self.y = (jnp.asarray(values) for values in network.data())
            self.layers = self._layers(network.weights().astype(network.dtype))
            self.run = jax.jit(self._train).lower(self.layers).compile()

    def rate(self) -> tuple[float, np.ndarray]:
        """Steps per second, and the loss before every step."""
        start, processor = time.perf_counter(), time.process_time()
        with on_one_processor():
            _, losses = jax.block_until_ready(self.run(self.layers))
        seconds, processor = time.perf_counter() - start, time.process_time() - processor
        assert processor < 1.3 * seconds + 0.01, "JAX computes on more than one thread"
        return self.steps / seconds, np.asarray(losses)

    def _layers(self, flat: np.ndarray) -> list:
        """A matrix, inputs by outputs, and where the layer has one a bias, from PyTorch's order."""
        layers, offset = [], 0
        for (inputs, outputs), has_bias in zip(
            pairwise(self.network.widths), self.network.biases, strict=True
        ):
            sizes = [inputs * outputs, outputs if has_bias else 0]
            matrix, bias = np.split(flat[offset : offset + sum(sizes)], sizes[:1])
            offset += sum(sizes)
            matrix = jnp.asarray(matrix.reshape(outputs, inputs).T)
            layers.append((matrix, jnp.asarray(bias)) if has_bias else (matrix,))
        return layers

    def _loss(self, layers: list):
        activation = self.x
        for index, (matrix, *bias) in enumerate(layers):
            activation = activation @ matrix
            activation = activation + bias[0] if bias else activation
            activation = jnp.tanh(activation) if index < len(layers) - 1 else activation
        return 0.5 * jnp.sum((activation - self.y) ** 2) / self.network.examples

    def _train(self, layers: list):
        begin, update = {"gd": (_nothing, _descent), "adam": (_zero_moments, _adam)}[
            self.network.optimizer
        ]
        loss_and_gradient = jax.value_and_grad(self._loss)
        rate = self.network.learning_rate

        def step(state: tuple, _):
            layers, memory = state
            loss, gradient = loss_and_gradient(layers)
            return update(layers, gradient, memory, rate), loss

        return jax.lax.scan(step, (layers, begin(layers)), None, length=self.steps)


def _nothing(layers: list) -> tuple:
    return ()


def _descent(layers: list, gradient: list, memory: tuple, rate: float) -> tuple:
    return jax.tree.map(lambda w, g: w - rate * g, layers, gradient), memory


def _zero_moments(layers: list) -> tuple:
    zeros, one = jax.tree.map(jnp.zeros_like, layers), jnp.ones((), layers[0][0].dtype)
    return zeros, zeros, one, one


def _adam(layers: list, gradient: list, memory: tuple, rate: float) -> tuple:
    """Kingma and Ba, ICLR 2015, algorithm 1; the powers of the decays are carried along."""
    first, second, power1, power2 = memory
    power1, power2 = power1 * BETA1, power2 * BETA2
    first = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, first, gradient)
    second = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, second, gradient)
    scale = rate / (1 - power1)

    def moved(w, m, v):
        return w - scale * m / (jnp.sqrt(v / (1 - power2)) + EPSILON)

    layers = jax.tree.map(moved, layers, first, second)
    return layers, (first, second, power1, power2)


def versions() -> str:
    """JAX's version."""
    return jax.__version__ if IS_INSTALLED else f"not installed ({INSTALL})"
