"""The small networks whose steps are counted: their data, and what a step must compute.

Fully-connected with tanh, mean of half the squared error summed over outputs, full batches.
"""

from dataclasses import dataclass
from itertools import pairwise

import h5py
import numpy as np

from eos_sweep import EosSweep
from images import uniform_fan_in

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-7
"""Adam's."""


@dataclass(frozen=True)
class SmallNetwork:
    """A network with its data and its optimizer, `gd` or `adam`."""

    inputs: int
    hidden: tuple[int, ...]
    outputs: int
    examples: int
    precision: str
    optimizer: str
    name: str = ""
    output_bias: bool = True

    def __str__(self) -> str:
        """As it stands in the table."""
        widths = "-".join(map(str, self.widths))
        shape = f"{widths}, n = {self.examples}, {self.precision}, {self.optimizer}"
        return f"{self.name} ({shape})" if self.name else shape

    @property
    def widths(self) -> tuple[int, ...]:
        """Of all layers, from inputs to outputs."""
        return (self.inputs, *self.hidden, self.outputs)

    @property
    def biases(self) -> list[bool]:
        """Whether each layer has one."""
        return [True] * len(self.hidden) + [self.output_bias]

    @property
    def learning_rate(self) -> float:
        """Below the edge of stability, where rounding errors do not grow."""
        return 0.05 if self.optimizer == "gd" else 1e-3

    @property
    def dtype(self) -> type[np.floating]:
        """NumPy's name for the precision."""
        return np.float32 if self.precision == "float" else np.float64

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        """Examples and targets, a row each: the Chebyshev polynomial of degree 4 of an input."""
        x = np.random.default_rng(0).uniform(-1, 1, (self.examples, self.inputs))
        x[:, 0] = np.linspace(-1, 1, self.examples)
        y = np.cos(4 * np.arccos(x[:, :1])) * np.linspace(1, 0.5, self.outputs)
        return x.astype(self.dtype), y.astype(self.dtype)

    def weights(self) -> np.ndarray:
        """First weights in PyTorch's order of parameters."""
        shapes = [(outputs, inputs) for inputs, outputs in pairwise(self.widths)]
        weights = uniform_fan_in(shapes)
        return weights if self.output_bias else weights[: -self.outputs]

    def job(self, program: EosSweep, steps: int) -> str:
        """A job that trains it for some steps without measurements."""
        name = f"{'-'.join(map(str, self.widths))}-{self.examples}-{self.precision}"
        weights = program.write_weights(self.weights(), name)
        data = program.folder / f"data-{name}.h5"
        with h5py.File(data, "w") as file:
            file["x"], file["y"] = self.data()
        return f"""\
name: benchmark
data: {{name: hdf5, path: {data}}}
model: {{name: mlp, hidden: {list(self.hidden)}, activation: tanh,
  output_bias: {str(self.output_bias).lower()}}}
loss: mse
precision: {self.precision}
optimizer: {self.optimizer}
learning_rate: {self.learning_rate}
init: {{file: {weights}}}
stop: {{steps: {steps}}}
measure: {{every: never}}
"""

    @property
    def operations(self) -> int:
        """Floating-point operations of a step, as few as there can be.

        Matrix products take two for each of their terms; of the first layer, none by the inputs.
        A tanh counts as many as a rational function of the precision takes, everything else one:
        also roots and divisions, of which a CPU does fewer.
        """
        layers = list(pairwise(self.widths))
        terms = sum(inputs * outputs for inputs, outputs in layers)
        products = 2 * self.examples * (3 * terms - layers[0][0] * layers[0][1])
        biases = 2 * sum(o for (_, o), has in zip(layers, self.biases, strict=True) if has)
        # The function, and of its slope (1 - a a) d a product, a difference and a product.
        activations = ({"float": 25, "double": 40}[self.precision] + 3) * sum(self.hidden)
        residuals = 4 * self.outputs
        # w - eta g; Adam: averages 3 and 4, correction, root, epsilon and quotient 4 more.
        update = len(self.weights()) * (2 if self.optimizer == "gd" else 13)
        return products + self.examples * (biases + activations + residuals) + update


ALL = [
    SmallNetwork(1, (100,), 1, 20, "float", "gd", "chebyshev-4", output_bias=False),
    SmallNetwork(1, (100,), 1, 20, "double", "adam"),
    SmallNetwork(1, (10,), 1, 1, "float", "gd"),
    SmallNetwork(8, (300,), 4, 1, "double", "gd"),
    SmallNetwork(1, (20, 20, 20), 1, 20, "float", "adam"),
    SmallNetwork(20, (50, 50), 3, 100, "float", "adam"),
    SmallNetwork(10, (100, 100, 100), 5, 200, "float", "gd"),
    SmallNetwork(50, (300, 300), 10, 200, "double", "adam"),
]
"""Of one to three hidden layers of 10 to 300, on 1 to 200 examples. A single example is soon fitted
to the last digit; Adam's averages would then shrink to where CPUs become slow."""
