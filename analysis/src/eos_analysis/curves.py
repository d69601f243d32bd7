"""The curves of runs: read from the file some runs at a time, and thinned for drawing."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from eos_analysis.sweep import with_runs, with_words

ARRAYS = (
    "train_loss",
    "step_size",
    "measured_step",
    "sharpness",
    "preconditioned_sharpness",
    "stability_threshold",
)
"""Variables of which curves are made."""

SINGLE = ("learning_rate", "batch_size", "first_crossing_step", "plateau_ratio", "status")
"""Variables with one value per run that figures need."""

BLOCK = 4_000_000
"""Numbers of a variable that are read at once."""


LENGTHS = {"step": "steps_taken", "measurement": "measurements_taken"}
"""The dimensions along which runs differ in length, and the variables that say how long each is."""


def rows(dataset: xr.Dataset) -> Iterator[dict[str, Any]]:
    """What the file has of each run: by name an array, or one value; what it lacks is missing.

    Arrays end where the longest of the runs that are read together does, and not where that of the
    file does: next to a run of a million steps, short ones take little time and memory.
    """
    chosen = with_words(with_runs(dataset, [*ARRAYS, *SINGLE, *LENGTHS.values()]))
    single = {name: chosen[name].values for name in SINGLE if name in chosen}
    lengths = {dim: _lengths(chosen, dim) for dim in LENGTHS if dim in chosen.sizes}
    for part in _parts(np.max([np.ones(chosen.sizes["run"], int), *lengths.values()], axis=0)):
        own = {dim: slice(0, int(length[part].max())) for dim, length in lengths.items()}
        arrays = {
            name: np.asarray(
                chosen[name].isel(own | {"run": part}, missing_dims="ignore").transpose("run", ...),
                dtype=np.float64,
            )
            for name in ARRAYS
            if name in chosen
        }
        for row in range(part.stop - part.start):
            yield {name: values[row] for name, values in arrays.items()} | {
                name: values[part.start + row] for name, values in single.items()
            }


def _lengths(dataset: xr.Dataset, dim: str) -> np.ndarray:
    """How much every run has along a dimension; all of it where the file does not say."""
    size, count = dataset.sizes[dim], dataset.sizes["run"]
    if LENGTHS[dim] not in dataset:
        return np.full(count, size)
    return np.clip(dataset[LENGTHS[dim]].values, 0, size)


def _parts(lengths: np.ndarray) -> Iterator[slice]:
    """Neighbouring runs that are read together: no more than a block of the longest's length."""
    start, longest = 0, 0
    for run, length in enumerate(lengths.tolist()):
        longest = max(longest, length)
        if run > start and (run + 1 - start) * longest > BLOCK:
            yield slice(start, run)
            start, longest = run, length
    if start < len(lengths):
        yield slice(start, len(lengths))


def number(row: dict[str, Any], name: str) -> float:
    """A value of a run that may be missing: then NaN."""
    return float(row.get(name, np.nan))


def losses(row: dict[str, Any]) -> pd.Series:
    """Train loss by step."""
    values = row.get("train_loss", np.empty(0))
    finite = np.flatnonzero(np.isfinite(values))
    if finite.size and finite[-1] + 1 == finite.size:
        steps = pd.RangeIndex(finite.size, name="step")
        return pd.Series(values[: finite.size].copy(), index=steps)
    return pd.Series(values[finite], index=pd.Index(finite, name="step"))


def measured(row: dict[str, Any], name: str) -> pd.Series:
    """A measured quantity by the step of the measurement."""
    steps = row.get("measured_step", np.empty(0))
    values = row.get(name, np.full(steps.shape, np.nan))
    known = np.isfinite(values) & (steps >= 0)
    return pd.Series(values[known], index=pd.Index(steps[known].astype(np.int64), name="step"))


def step_sizes(row: dict[str, Any], steps: pd.Index) -> np.ndarray:
    """The step size at some steps; the run's own where the file has none by step."""
    if "step_size" not in row:
        return np.full(len(steps), number(row, "learning_rate"))
    taken = np.append(row["step_size"], np.nan)
    return taken[np.minimum(steps.to_numpy(dtype=np.int64), len(taken) - 1)]


def decimate(series: pd.Series, buckets: int = 500) -> pd.Series:
    """At most two points per bucket: its least and its greatest value, so that spikes stay."""
    if len(series) <= 2 * buckets:
        return series
    values = series.to_numpy()
    width = -(-len(values) // buckets)
    padded = np.pad(values, (0, -len(values) % width), mode="edge").reshape(-1, width)
    starts = np.arange(len(padded)) * width
    extremes = (starts + padded.argmin(axis=1), starts + padded.argmax(axis=1))
    return series.iloc[np.unique(np.concatenate([[0], *extremes, [len(values) - 1]]))]
