"""What each run contributes to a figure: its curves and its place among the panels."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from eos_analysis.sweep import runs, settings

OPTIMIZERS = ("gd", "heavy-ball", "nesterov", "rmsprop", "adam")
"""The order in which optimizers are drawn; others follow by name."""

ADAPTIVE = ("rmsprop", "adam")
"""Optimizers with a preconditioner: their threshold is for the preconditioned sharpness."""

MOMENTA = {"momentum": r"\beta", "beta1": r"\beta_1", "beta2": r"\beta_2"}
"""Constants of optimizers that are always named, with their symbols."""

FULL_BATCH = "full batch"

Settings = list[dict[str, Any]]
"""The resolved configuration of each run, keys dotted."""


@dataclass(frozen=True)
class Trace:
    """The curves of one run, each a series over training steps without gaps."""

    run: str
    optimizer: str
    """The optimizer with its constants, as a label: one row of panels per value."""
    learning_rate: float
    batch: str
    label: str
    """What tells this run from the others in its panel ('full batch, seed 1')."""
    loss: pd.Series
    sharpness: pd.Series
    """Largest eigenvalue of the Hessian, or of the preconditioned Hessian where it was measured."""
    threshold: float
    """The stability threshold for `sharpness`; NaN where the recorded one is not for it."""
    preconditioned: bool
    diverged: bool

    @property
    def ratio(self) -> pd.Series:
        """Sharpness divided by the stability threshold; empty where there is no threshold."""
        return (self.sharpness / self.threshold).dropna()

    @property
    def order(self) -> tuple[Any, ...]:
        """Sorts by optimizer, step size, batch (full first, then falling sizes), label."""
        name = self.optimizer.split(",")[0]
        known = OPTIMIZERS.index(name) if name in OPTIMIZERS else len(OPTIMIZERS)
        size = self.batch.removeprefix("batch ")
        batch = -int(size) if size.isdigit() else -np.inf
        return (known, self.optimizer, self.learning_rate, batch, self.label)


def traces(dataset: xr.Dataset) -> list[Trace]:
    """The runs that have at least one recorded loss, in drawing order."""
    table, configurations = runs(dataset), settings(dataset)
    optimizers = _optimizer_labels(configurations)
    panels = list(zip(optimizers, table["learning_rate"], strict=True))
    labels = _labels(configurations, groups=panels)
    found = []
    for position, run in enumerate(table.index):
        row = dataset.isel(run=position)
        loss = _series(np.arange(row.sizes["step"]), row["train_loss"].values)
        if loss.empty:
            continue
        steps = row["measured_step"].values
        plain = _series(steps, row["sharpness"].values)
        adaptive = configurations[position]["optimizer.name"] in ADAPTIVE
        preconditioned = _series(steps, row["preconditioned_sharpness"].values)
        shows_preconditioned = adaptive and not preconditioned.empty
        thresholds = row["stability_threshold"].values
        thresholds = thresholds[np.isfinite(thresholds)]
        has_threshold = thresholds.size > 0 and shows_preconditioned == adaptive
        found.append(
            Trace(
                run=str(run),
                optimizer=optimizers[position],
                learning_rate=float(row["learning_rate"]),
                batch=_batch(configurations[position].get("batch_size", "full")),
                label=labels[position],
                loss=loss,
                sharpness=preconditioned if shows_preconditioned else plain,
                threshold=float(thresholds[-1]) if has_threshold else np.nan,
                preconditioned=shows_preconditioned,
                diverged=str(row["status"].item()) == "diverged",
            )
        )
    return sorted(found, key=lambda trace: trace.order)


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


def _optimizer_labels(settings: Settings) -> list[str]:
    """'adam, beta1 = 0.9 ...': the momenta always, other constants where runs differ in them."""
    names = [str(own["optimizer.name"]) for own in settings]
    constants = [
        {k.removeprefix("optimizer."): v for k, v in own.items() if k.startswith("optimizer.")}
        for own in settings
    ]
    differing = _differing(constants, groups=names)
    labels = []
    for name, own in zip(names, constants, strict=True):
        shown = [key for key in sorted(own) if key in MOMENTA or key in differing]
        labels.append(", ".join([name, *(f"${_symbol(key)}={own[key]}$" for key in shown)]))
    return labels


def _labels(settings: Settings, groups: list[Any]) -> list[str]:
    """Names the settings in which runs of one panel differ anywhere in the sweep."""
    shown = sorted(
        _differing(settings, groups), key=lambda key: (key != "batch_size", key == "seed", key)
    )
    return [", ".join(_setting(key, own.get(key)) for key in shown) for own in settings]


def _differing(settings: Settings, groups: list[Any]) -> set[str]:
    """The keys that take more than one value within some group."""
    values: dict[Any, set[str]] = {}
    for own, group in zip(settings, groups, strict=True):
        for key, value in own.items():
            values.setdefault((group, key), set()).add(repr(value))
    return {key for (_, key), found in values.items() if len(found) > 1}


def _setting(key: str, value: Any) -> str:
    if key == "batch_size":
        return _batch(value)
    return f"{key.split('.')[-1].replace('_', ' ')} {value}"


def _batch(value: Any) -> str:
    return FULL_BATCH if value == "full" else f"batch {int(value)}"


def _symbol(key: str) -> str:
    return MOMENTA.get(key) or rf"\mathrm{{{key}}}".replace("_", r"\ ")
