"""Runs of an optimizer beside the flows that stand for it, and the curves that compare them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import xarray as xr

from eos_analysis.distances import distance, time_average
from eos_analysis.errors import SweepFileError
from eos_analysis.positions import positions
from eos_analysis.traces import Trace

FLOWS = ("central-flow", "rod-flow", "stable-flow", "gradient-flow")
"""In the order in which they are drawn."""

APART = ("process", "flow.", "measure.", "keep_", "init.", "stop.", "block_size")
"""Beginnings of keys in which an optimizer and its flows may differ."""

FEWEST = 3
"""Steps of which a time average is worth drawing."""


@dataclass(frozen=True)
class Flows:
    """One run of an optimizer, and its flows by name."""

    optimizer: Trace
    flows: dict[str, Trace]
    window: float
    """Standard deviation of time averages, in steps."""

    def steps_of(self, trace: Trace, name: str) -> pd.DataFrame:
        """What a run recorded at every step, a column per direction."""
        if name not in trace.dataset:
            return pd.DataFrame()
        values = trace.dataset[name].transpose("step", ...).values
        table = pd.DataFrame(values.reshape(len(values), -1))
        return table.dropna(how="all").dropna(axis=1, how="all")

    def step_curve(self, trace: Trace, name: str) -> pd.Series:
        """The same where there is one value a step."""
        table = self.steps_of(trace, name)
        return table.iloc[:, 0] if len(table.columns) else pd.Series(dtype=float)

    def smoothed(self, name: str, of: Callable[[xr.DataArray], xr.DataArray]) -> pd.Series:
        """The time average of something that the optimizer recorded at every step."""
        run = self.optimizer.dataset
        return (
            _series(time_average(run, of(run[name]), self.window)) if name in run else _series(None)
        )

    @property
    def eigenvalues(self) -> pd.DataFrame:
        """The optimizer's measured eigenvalues in the unit in which 2 is the edge."""
        run = self.optimizer.dataset
        name = "preconditioned_eigenvalues"
        if name not in run or not np.isfinite(run[name].values).any():
            name = "hessian_eigenvalues"
        steps = run["measured_step"].values
        known = np.isfinite(steps) & (steps >= 0)
        ratios = run[name].values[known] * 2 / run["stability_threshold"].values[known, None]
        table = pd.DataFrame(ratios, index=steps[known].astype(int))
        return table.dropna(axis=1, how="all")

    @cached_property
    def distances(self) -> dict[str, pd.Series]:
        """How far each flow is from the optimizer, which is taken where it was measured."""
        return {name: gap for name in self.flows if len(gap := self._distance(name))}

    def _distance(self, name: str) -> pd.Series:
        try:
            return _series(distance(self.optimizer.dataset, self.flows[name].dataset))
        except SweepFileError:
            return _series(None)

    @cached_property
    def spread(self) -> pd.Series:
        """The time average of the squared distance of the optimizer's iterates to its midpoints,
        which is the size of its oscillation. Empty where the file does not have both.
        """
        run = self.optimizer.dataset
        places = [{p.kind: p for p in positions(run, at)} for at in ("iterate", "midpoint")]
        kind = next((kind for kind in places[0] if kind in places[1]), None)
        if kind is None:
            return _series(None)
        iterates, midpoints = (place[kind] for place in places)
        steps = np.intersect1d(iterates.steps, midpoints.steps)
        if len(steps) < FEWEST:
            return _series(None)
        squares = ((iterates.at(steps) - midpoints.at(steps)) ** 2).sum(axis=1)
        values = xr.DataArray(squares, {"step": steps}, ("step",))
        return _series(time_average(run, values, self.window))


def _series(values: xr.DataArray | None) -> pd.Series:
    if values is None:
        return pd.Series(dtype=float)
    return pd.Series(values.values, index=values["step"].values)


def groups(traces: list[Trace]) -> list[Flows]:
    """The optimizers' runs that have a flow beside them, in drawing order."""
    found: dict[str, dict[str, Trace]] = {}
    for trace in traces:
        key = repr(sorted((k, v) for k, v in trace.settings.items() if not k.startswith(APART)))
        found.setdefault(key, {}).setdefault(trace.process, trace)
    whole = [own for own in found.values() if "optimizer" in own and len(own) > 1]
    return [
        Flows(
            own["optimizer"],
            {name: own[name] for name in FLOWS if name in own},
            window=max(5.0, round(len(own["optimizer"].loss) / 50)),
        )
        for own in whole
    ]
