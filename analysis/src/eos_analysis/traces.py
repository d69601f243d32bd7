"""What each run contributes to a figure: its curves and its place among the panels."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from eos_analysis.curves import losses, measured, number, rows, step_sizes
from eos_analysis.errors import SweepFileError
from eos_analysis.labels import (
    FULL_BATCH,
    SettingLabels,
    batch_label,
    constants_label,
    differing,
    is_problem_key,
    telling,
)
from eos_analysis.sweep import run_ids, settings, with_runs

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


OPTIMIZER = "optimizer"
"""What moves the weights where no flow does."""

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
    batch_size: float
    """Examples per step; all of them for full batches. NaN where neither job nor file says it."""
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
    process: str
    """What moved the weights: 'optimizer', or the name of a flow."""
    settings: dict[str, Any]
    """The resolved configuration, keys dotted."""
    dataset: xr.Dataset
    """All that the file has of the run, read when it is used; empty in sweeps without flows."""

    @property
    def sharpness(self) -> pd.Series:
        """Largest eigenvalue of the Hessian, or of the preconditioned one where it was measured."""
        return self.preconditioned_sharpness if self.preconditioned else self.plain_sharpness

    @cached_property
    def ratio(self) -> pd.Series:
        """Sharpness divided by the stability threshold; empty where there is no threshold."""
        ratios = self.sharpness / self.threshold
        return ratios.loc[np.isfinite(ratios.to_numpy())]

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
    """The runs that have at least one recorded loss, in drawing order.

    The dataset may be what `load` or ``xarray.open_dataset`` returns, or some of its runs.
    """
    configurations, ids = settings(dataset), run_ids(dataset)
    _check(ids, configurations)
    names = _Names(configurations)
    whole = _whole(dataset, configurations)
    found = (
        _trace(run, row, own, optimizer, names, whole.isel(run=position) if whole else whole)
        for position, (run, row, own, optimizer) in enumerate(
            zip(ids, rows(dataset), configurations, names.optimizers, strict=True)
        )
    )
    return sorted((t for t in found if not t.loss.empty), key=lambda trace: trace.order)


def _whole(dataset: xr.Dataset, configurations: list[dict[str, Any]]) -> xr.Dataset:
    """What is read later, by figures of flows: a file that is needed no more stays closed."""
    if all(own.get("process", OPTIMIZER) == OPTIMIZER for own in configurations):
        return xr.Dataset()
    return with_runs(dataset, [str(name) for name in dataset.data_vars])


def _check(ids: list[str], configurations: list[dict[str, Any]]) -> None:
    for run, own in zip(ids, configurations, strict=True):
        for key in ("optimizer.name", "learning_rate"):
            if own.get(key) is None:
                raise SweepFileError(f"The configuration of the run {run!r} has no '{key}'.")


class _Names:
    """By what the runs of a sweep are called."""

    def __init__(self, configurations: list[dict[str, Any]]) -> None:
        labels = zip(constants_label(configurations), configurations, strict=True)
        self.optimizers = [
            label + (CRITICAL if own.get("schedule.unit") == "critical" else "")
            for label, own in labels
        ]
        pairs = zip(self.optimizers, configurations, strict=True)
        panels = [(label, own["learning_rate"]) for label, own in pairs]
        self.telling = telling(configurations, panels)
        self.problem = {key for key in differing(configurations) if is_problem_key(key)}
        self.settings = SettingLabels(configurations, self.telling | self.problem)


def _trace(
    run: str,
    row: dict[str, Any],
    own: dict[str, Any],
    optimizer: str,
    names: _Names,
    dataset: xr.Dataset,
) -> Trace:
    name = str(own["optimizer.name"])
    preconditioned = measured(row, "preconditioned_sharpness")
    threshold = measured(row, "stability_threshold")
    # Coupled weight decay is part of the matrix that the threshold is for, preconditioned or not.
    adaptive = name not in PLAIN or (own.get("optimizer.weight_decay") or 0) > 0
    shows_preconditioned = adaptive and not preconditioned.empty
    if shows_preconditioned != adaptive:
        threshold = threshold.iloc[:0]
    batch = own.get("batch_size", "full")
    return Trace(
        run=run,
        name=name,
        optimizer=optimizer,
        learning_rate=float(own["learning_rate"]),
        batch_size=number(row, "batch_size") if batch == "full" else float(batch),
        batch=batch_label(batch),
        problem=", ".join(names.settings.named(names.problem, own).values()),
        named=names.settings.named(names.telling, own),
        loss=losses(row),
        plain_sharpness=measured(row, "sharpness"),
        preconditioned_sharpness=preconditioned,
        threshold=threshold,
        edge=_edge(row, threshold),
        first_crossing=_step(row, "first_crossing_step"),
        recorded_plateau=number(row, "plateau_ratio"),
        preconditioned=shows_preconditioned,
        diverged=str(row.get("status", "")) == "diverged",
        process=str(own.get("process", OPTIMIZER)),
        settings=own,
        dataset=dataset,
    )


def _step(row: dict[str, Any], name: str) -> float:
    """A step, or NaN; readers that do not mask missing values show -1."""
    step = number(row, name)
    return step if step >= 0 else np.nan


def _edge(row: dict[str, Any], threshold: pd.Series) -> float | None:
    """The c of a threshold c/eta, if it is constant; eta may follow a schedule."""
    edges = threshold.to_numpy() * step_sizes(row, threshold.index)
    edges = edges[np.isfinite(edges)]
    if not edges.size or np.ptp(edges) > 1e-6 * abs(edges[0]):
        return None
    return float(edges[0])


def unique(values: Iterable[Any]) -> list[Any]:
    """The distinct values in order of first appearance."""
    return list(dict.fromkeys(values))
