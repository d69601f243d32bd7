"""What each run contributes to a figure: its curves and its place among the panels."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from eos_analysis.labels import (
    FULL_BATCH,
    batch_label,
    constants_label,
    differing,
    is_problem_key,
    named,
    telling,
)
from eos_analysis.sweep import settings

OPTIMIZERS = (
    "gd",
    "heavy-ball",
    "ema-heavy-ball",
    "nesterov",
    "qhm",
    "scalar-rmsprop",
    "rmsprop",
    "adagrad",
    "adadelta",
    "adam",
    "adamw",
    "amsgrad",
    "padam",
    "nadam",
    "adafactor",
)
"""The order in which optimizers are drawn; others follow by name."""

PLAIN = ("gd", "heavy-ball", "ema-heavy-ball", "nesterov", "qhm")
"""Optimizers without a preconditioner; the threshold of all others is for the preconditioned
sharpness."""


CRITICAL = r", critical $\eta$"
"""Marks optimizers whose step sizes the job gives in critical ones; each run has its own."""


@dataclass(frozen=True)
class Trace:
    """The curves of one run, each a series over training steps without gaps."""

    run: str
    name: str
    """Name of the optimizer."""
    optimizer: str
    """The optimizer with its constants, as a label: one row of panels per value."""
    learning_rate: float
    """As the job has it: a number of critical step sizes where its unit says so."""
    batch_size: int
    """Examples per step; all of them for full batches."""
    batch: str
    """The batch size as a label."""
    problem: str
    """Settings of data, network and loss in which runs of the sweep differ, as a label."""
    named: dict[str, str]
    """Settings that tell this run from others in its panel, by key, as labels."""
    loss: pd.Series
    plain_sharpness: pd.Series
    """Largest eigenvalue of the Hessian."""
    preconditioned_sharpness: pd.Series
    """Largest eigenvalue of the preconditioned Hessian; empty where it was not measured."""
    threshold: pd.Series
    """The stability threshold for `sharpness`; empty where the recorded one is not for it."""
    edge: float | None
    """Threshold times step size, where it is the same all along the run."""
    first_crossing: float
    """Step of the first measurement above the threshold; NaN if there is none."""
    recorded_plateau: float
    """The file's `plateau_ratio`; NaN where it has none."""
    preconditioned: bool
    """Whether `sharpness` is that of the preconditioned Hessian."""
    diverged: bool

    @property
    def sharpness(self) -> pd.Series:
        """Largest eigenvalue of the Hessian, or of the preconditioned one where it was measured."""
        return self.preconditioned_sharpness if self.preconditioned else self.plain_sharpness

    @property
    def ratio(self) -> pd.Series:
        """Sharpness divided by the stability threshold; empty where there is no threshold."""
        return (self.sharpness / self.threshold).dropna()

    @property
    def label(self) -> str:
        """What tells this run from the others in its panel ('full batch, seed 1')."""
        return self.label_of(lambda key: True)

    def label_of(self, chosen: Callable[[str], bool]) -> str:
        """The part of the label that is about some settings."""
        return ", ".join(text for key, text in self.named.items() if chosen(key))

    def heading(self, chosen: Callable[[str], bool]) -> str:
        """The optimizer and the part of the label that is about some settings."""
        return ", ".join(filter(None, [self.optimizer, self.label_of(chosen)]))

    @property
    def order(self) -> tuple[Any, ...]:
        """Sorts by optimizer, step size, batch (full first, then falling sizes), label."""
        known = OPTIMIZERS.index(self.name) if self.name in OPTIMIZERS else len(OPTIMIZERS)
        batch = -np.inf if self.batch == FULL_BATCH else -self.batch_size
        return (known, self.optimizer, self.learning_rate, batch, self.label)


def traces(dataset: xr.Dataset) -> list[Trace]:
    """The runs that have at least one recorded loss, in drawing order."""
    configurations = settings(dataset)
    labels = zip(constants_label(configurations), configurations, strict=True)
    optimizers = [label + (CRITICAL if _is_critical(own) else "") for label, own in labels]
    panels = [
        (label, own["learning_rate"]) for label, own in zip(optimizers, configurations, strict=True)
    ]
    shown = telling(configurations, panels)
    problem = {key for key in differing(configurations) if is_problem_key(key)}
    found = [
        _trace(dataset.isel(run=position), own, optimizer, shown, problem)
        for position, (own, optimizer) in enumerate(zip(configurations, optimizers, strict=True))
    ]
    return sorted((t for t in found if not t.loss.empty), key=lambda trace: trace.order)


def _trace(
    row: xr.Dataset, own: dict[str, Any], optimizer: str, shown: set[str], problem: set[str]
) -> Trace:
    name, steps = str(own["optimizer.name"]), row["measured_step"].values
    preconditioned = _series(steps, row["preconditioned_sharpness"].values)
    threshold = _series(steps, row["stability_threshold"].values)
    # Coupled weight decay is part of the matrix that the threshold is for, preconditioned or not.
    adaptive = name not in PLAIN or own.get("optimizer.weight_decay", 0) > 0
    shows_preconditioned = adaptive and not preconditioned.empty
    if shows_preconditioned != adaptive:
        threshold = threshold.iloc[:0]
    batch = own.get("batch_size", "full")
    return Trace(
        run=str(row["run"].item()),
        name=name,
        optimizer=optimizer,
        learning_rate=float(own["learning_rate"]),
        batch_size=int(row["batch_size"]),
        batch=batch_label(batch),
        problem=", ".join(named(problem, own).values()),
        named=named(shown, own),
        loss=_series(np.arange(row.sizes["step"]), row["train_loss"].values),
        plain_sharpness=_series(steps, row["sharpness"].values),
        preconditioned_sharpness=preconditioned,
        threshold=threshold,
        edge=_edge(row, threshold),
        first_crossing=float(row.get("first_crossing_step", np.nan)),
        recorded_plateau=float(row.get("plateau_ratio", np.nan)),
        preconditioned=shows_preconditioned,
        diverged=str(row["status"].item()) == "diverged",
    )


def _is_critical(own: dict[str, Any]) -> bool:
    return own.get("schedule.unit") == "critical"


def _edge(row: xr.Dataset, threshold: pd.Series) -> float | None:
    """The c of a threshold c/eta, if it is constant; eta may follow a schedule."""
    step_sizes = pd.Series(float(row["learning_rate"]), index=threshold.index)
    if "step_size" in row:
        taken = _series(np.arange(row.sizes["step"]), row["step_size"].values)
        step_sizes = taken.reindex(threshold.index)
    edges = (threshold * step_sizes).dropna()
    if edges.empty or np.ptp(edges) > 1e-6 * abs(edges.iloc[0]):
        return None
    return float(edges.iloc[0])


def decimate(series: pd.Series, buckets: int = 500) -> pd.Series:
    """At most two points per bucket: its least and its greatest value, so that spikes stay."""
    if len(series) <= 2 * buckets:
        return series
    values = series.to_numpy()
    edges = np.linspace(0, len(values), buckets + 1).astype(int)
    kept = {0, len(values) - 1}
    for start, end in zip(edges, edges[1:], strict=False):
        kept.add(start + int(np.argmin(values[start:end])))
        kept.add(start + int(np.argmax(values[start:end])))
    return series.iloc[sorted(kept)]


def unique(values: Iterable[Any]) -> list[Any]:
    """The distinct values in order of first appearance."""
    return list(dict.fromkeys(values))


def _series(steps: np.ndarray, values: np.ndarray) -> pd.Series:
    finite = np.isfinite(values) & np.isfinite(steps)
    return pd.Series(values[finite], index=pd.Index(steps[finite].astype(int), name="step"))
