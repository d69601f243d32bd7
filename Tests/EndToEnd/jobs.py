"""Small job files for the tests."""

import os
import re
from pathlib import Path

import pytest

from program import ROOT

IMAGES = Path(os.environ.get("EOS_SWEEP_IMAGES", "")).resolve()
"""Real images, where a file of them is named."""

needs_images = pytest.mark.skipif(
    not os.environ.get("EOS_SWEEP_IMAGES"),
    reason="EOS_SWEEP_IMAGES does not name data_batch_1.bin of CIFAR-10",
)

_DOCUMENTED = re.search(
    r"^- `optimizer.name` \((.*?);", (ROOT / "jobs" / "README.md").read_text(), re.MULTILINE
)
OPTIMIZERS = re.split(", | or ", _DOCUMENTED[1]) if _DOCUMENTED else []
"""Every optimizer there is."""

GRID = """\
grid:
  - optimizer: [{name: gd}, {name: adam}]
    learning_rate: [0.01, 0.02]
    batch_size: [full, 5]
"""

HOPELESS_MIX = """\
optimizer: gd
learning_rate: 0.01
grid:
  - seed: [1, 2]
    stop: {steps: %d}
  - seed: {range: [3, 12]}
"""
"""Two runs longer than a job, and ten short ones."""


def chebyshev(folder: Path, steps: int, grid: str = GRID) -> Path:
    """One small network; the usual grid has eight runs."""
    return _write(
        folder / "small.yaml",
        f"""\
name: small
data: {{name: chebyshev, degree: 4, points: 20}}
model: {{name: mlp, hidden: [100], activation: tanh}}
loss: mse
stop: {{steps: {steps}}}
measure: {{every: 100, top: 2}}
keep_weights: final
{grid}""",
    )


def slow(folder: Path, examples: int, width: int, steps: int, rest: str = "") -> Path:
    """One run whose step is one block of much work, in which nobody looks up."""
    return _write(
        folder / "slow.yaml",
        f"""\
name: slow
data: {{name: gaussian-mixture, examples: {examples}, features: 20, classes: 3}}
model: {{name: mlp, hidden: [{width}, {width}], activation: tanh}}
loss: mse
block_size: {examples}
stop: {{steps: {steps}}}
optimizer: gd
learning_rate: 0.01
{rest}""",
    )


def images(folder: Path, examples: int, steps: int) -> Path:
    """One run of the network of 656,810 parameters on real images."""
    return _write(
        folder / "images.yaml",
        f"""\
name: images
data: {{name: cifar10, path: {IMAGES}, examples: {examples}}}
model: {{name: mlp, hidden: [200, 200], activation: tanh}}
loss: mse
optimizer: gd
learning_rate: 0.02
stop: {{steps: {steps}}}
measure: {{every: 10, top: 2}}
keep_weights: final
""",
    )


def _write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path
