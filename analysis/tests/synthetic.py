"""Writes small sweep files with h5py as docs/file-format.md describes them.

As in files of the program, what a run that has not begun does not know is missing.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h5py
import numpy as np

STATUS = ("pending", "finished", "diverged", "failed", "interrupted")
TEXT = h5py.string_dtype()
STEPS, EVERY = 4000, 20
COUNTS = ("batch_size", "seed")
"""Integers that every row has, from format version 2 on."""


@dataclass
class Run:
    optimizer: str
    learning_rate: float
    constants: dict[str, float] = field(default_factory=dict)
    threshold: float = 2.0
    batch_size: int | str = "full"
    seed: int = 0
    status: str = "finished"
    steps: int = STEPS
    preconditioned: bool = True
    settings: dict[str, Any] = field(default_factory=dict)
    """Further keys of the configuration."""
    level: float = 1.0
    """Ratio of sharpness to threshold at the plateau."""
    drops: dict[int, float] = field(default_factory=dict)
    """Factors on the step size from some steps on."""

    @property
    def id(self) -> str:
        name = f"{self.optimizer}-lr{self.learning_rate:g}-b{self.batch_size}-s{self.seed}"
        return name + "".join(f"-{value}" for value in self.settings.values())

    @property
    def configuration(self) -> dict[str, Any]:
        return {
            "optimizer": {"name": self.optimizer, **self.constants},
            "learning_rate": self.learning_rate,
            "batch_size": self.batch_size,
            "seed": self.seed,
            "model": {"name": "mlp", "hidden": [100]},
            **self.settings,
        }

    def step_size(self, steps: np.ndarray) -> np.ndarray:
        """The step size at some steps, after the drops."""
        sizes = np.full(steps.shape, self.learning_rate)
        for start, factor in self.drops.items():
            sizes[steps >= start] = factor * self.learning_rate
        return sizes


MOMENTUM = {"momentum": 0.9}
ADAM = {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-7}
QUICKSTART = [
    *(Run("gd", lr) for lr in (0.1, 0.2, 0.4)),
    *(Run("gd", 0.4, batch_size=b) for b in (10, 5)),
    *(Run("heavy-ball", lr, MOMENTUM, 3.8) for lr in (0.1, 0.2)),
    Run("heavy-ball", 0.4, MOMENTUM, 3.8, status="diverged", steps=230),
    *(Run("rmsprop", lr, {"beta2": 0.99, "epsilon": 1e-7}) for lr in (1e-4, 3e-4, 1e-3)),
    *(Run("adam", lr, ADAM, 38.0) for lr in (3e-4, 1e-3, 3e-3)),
    *(Run("adam", 3e-3, ADAM, 38.0, batch_size=b) for b in (10, 5)),
    Run("adam", 1e-2, ADAM, 38.0, status="failed", steps=0),
    Run("gd", 0.8, status="pending", steps=0),
]


def write(path: Path, runs: list[Run], version: int = 2) -> Path:
    """One merged file with smooth made-up curves: sharpening, then hovering at the threshold."""
    measurements = STEPS // EVERY + 1
    loss = np.full((len(runs), STEPS + 1), np.nan)
    steps = np.full((len(runs), measurements), -1, dtype=np.int64)
    sharpness = np.full((len(runs), measurements), np.nan)
    preconditioned, threshold = sharpness.copy(), sharpness.copy()
    step_size, crossing = np.full_like(loss, np.nan), np.full(len(runs), -1, dtype=np.int64)
    for row, run in enumerate(runs):
        if run.steps == 0:
            continue
        loss[row, : run.steps + 1], curve = _curves(run, np.random.default_rng(row))
        measured = np.arange(0, run.steps + 1, EVERY)
        steps[row, : measured.size] = measured
        step_size[row, : run.steps + 1] = run.step_size(np.arange(run.steps + 1))
        edge = run.threshold / run.step_size(measured)
        threshold[row, : measured.size] = edge
        crossed = measured[curve[measured] > 1]
        crossing[row] = crossed[0] if crossed.size else -1
        adaptive = run.optimizer in ("rmsprop", "adam")
        first = curve[measured] * edge
        sharpness[row, : measured.size] = 4 + measured / 100 if adaptive else first
        if run.preconditioned:
            preconditioned[row, : measured.size] = first
    with h5py.File(path, "w", libver=("earliest", "v108"), track_order=True) as file:
        file.attrs["title"], file.attrs["format_version"] = "made-up sweep", version
        _scale(file, "run", np.array([run.id for run in runs], dtype=object), TEXT)
        _scale(file, "step", np.arange(STEPS + 1))
        _dimension(file, "measurement", measurements)
        for name in ("optimizer", "learning_rate", "batch_size", "seed"):
            values = [getattr(run, name) for run in runs]
            if name == "batch_size":
                values = [_batch_size(run, unknown=-1 if version == 1 else 0) for run in runs]
            text = isinstance(values[0], str)
            _variable(file, name, np.array(values, dtype=object if text else None), ("run",))
        configurations = [json.dumps(run.configuration) for run in runs]
        _variable(file, "config_json", np.array(configurations, dtype=object), ("run",))
        if version == 1:
            status = np.array([STATUS.index(run.status) for run in runs], dtype=np.int8)
            _variable(file, "status", status, ("run",))
            file["status"].attrs["flag_values"] = np.arange(len(STATUS), dtype=np.int8)
            file["status"].attrs["flag_meanings"] = " ".join(STATUS)
        else:
            words = np.array([run.status for run in runs], dtype=object)
            _variable(file, "status", words, ("run",))
            for name in COUNTS:
                del file[name].attrs["_FillValue"]
        _variable(file, "first_crossing_step", crossing, ("run",))
        _variable(file, "train_loss", loss, ("run", "step"))
        _variable(file, "step_size", step_size, ("run", "step"))
        for name, values in {
            "measured_step": steps,
            "sharpness": sharpness,
            "preconditioned_sharpness": preconditioned,
            "stability_threshold": threshold,
        }.items():
            _variable(file, name, values, ("run", "measurement"))
    return path


def _batch_size(run: Run, unknown: int) -> int:
    """Of full batches only a run that was computed knows how large they are."""
    if isinstance(run.batch_size, int):
        return run.batch_size
    return 20 if run.steps else unknown


def _curves(run: Run, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Loss and sharpness over threshold at every step."""
    time = np.arange(run.steps + 1)
    noise = 0.0 if run.batch_size == "full" else 0.1
    if run.status == "diverged":
        growth = np.exp(np.maximum(0, time - 100) / 15)
        return 0.3 * growth, 0.4 + growth / 50
    rise = 0.3 + 1.6 * (1 - np.exp(-time / 900))
    wobble = 0.03 * np.sin(time / 23) * np.clip(time / 1000, 0, 1)
    if run.optimizer == "adam":
        rise = rise + 8 * np.exp(-time / 60)
    level = run.level if noise == 0 else 0.85 * run.level
    ratio = (
        np.minimum(rise, level + wobble)
        if run.optimizer != "adam"
        else np.where(rise > level, np.maximum(level + wobble, rise * (time < 200)), rise)
    )
    spikes = (random.random(time.size) < 0.002) * random.random(time.size)
    decay = 0.3 * np.exp(-time / 500) + 1e-3 * np.exp(-time / 3000)
    return decay * (1 + spikes + noise * random.standard_normal(time.size)), ratio


def _scale(file: h5py.File, name: str, values: np.ndarray, dtype: Any = None) -> None:
    file.create_dataset(name, data=values, dtype=dtype).make_scale(name)


def _dimension(file: h5py.File, name: str, size: int) -> None:
    label = f"This is a netCDF dimension but not a netCDF variable.{size:10d}"
    file.create_dataset(name, shape=(size,), dtype=">f4").make_scale(label)


def _variable(file: h5py.File, name: str, values: np.ndarray, axes: tuple[str, ...]) -> None:
    dtype = TEXT if values.dtype == object else values.dtype
    dataset = file.create_dataset(name, data=values, dtype=dtype)
    if values.dtype.kind == "i":
        dataset.attrs["_FillValue"] = np.array([-1], dtype=values.dtype)
    if values.dtype.kind == "f":
        dataset.attrs["_FillValue"] = np.array([np.nan])
    for axis, scale in enumerate(axes):
        dataset.dims[axis].attach_scale(file[scale])
