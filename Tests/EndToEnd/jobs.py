"""Small job files for the tests."""

from pathlib import Path

CHEBYSHEV = """\
name: small
data: {name: chebyshev, degree: 4, points: 20}
model: {name: mlp, hidden: [100], activation: tanh}
loss: mse
stop: {steps: %(steps)d}
measure: {every: 100, top: 2}
keep_weights: final
grid:
  - optimizer: [{name: gd}, {name: adam}]
    learning_rate: [0.01, 0.02]
    batch_size: [full, 5]
"""


def chebyshev(folder: Path, steps: int) -> Path:
    """Eight runs of one small network."""
    path = folder / "small.yaml"
    path.write_text(CHEBYSHEV % {"steps": steps})
    return path
