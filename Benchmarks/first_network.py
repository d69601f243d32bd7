"""The network of the first row, 3072-200-200-10 with tanh on images, which most rows train."""

import numpy as np

from eos_sweep import image_job
from images import uniform_fan_in
from setting import Setting

MODEL = "{name: mlp, hidden: [200, 200], activation: tanh}"


def first_weights() -> np.ndarray:
    """Weights from which all programs start, in PyTorch's order of parameters."""
    return uniform_fan_in([(200, 3072), (200, 200), (10, 200)])


def training(setting: Setting, steps: int, **keys: object) -> str:
    """A job that trains it for some steps; `keys` are further lines."""
    return image_job(setting.images, MODEL, steps, setting.examples, **keys)
