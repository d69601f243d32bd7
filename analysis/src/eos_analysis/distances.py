"""How far runs are from one another, where they went, and what they are like in the mean."""

import numpy as np
import pandas as pd
import xarray as xr

from eos_analysis.errors import SweepFileError
from eos_analysis.positions import Place, Positions, shared, single

REACH = 4.0
"""Windows on either side beyond which a time average does not look."""


def distance(a: xr.Dataset, b: xr.Dataset, at: Place | None = None) -> xr.DataArray:
    """The Euclidean distance of two runs in the space of weights, at the steps that both have.

    Each run is one row of a sweep file, ``sweep.sel(run=...)``, of one file or of two. Exact
    weights (``keep_weights``) are taken where both have them, else sketches (``measure.sketch``),
    whose distances are off by ``attrs["relative_error"]`` in root mean square. By default each run
    is taken where it was measured: an optimizer with ``measure.at: midpoint`` at its midpoints, in
    which oscillations of period two cancel; ``at`` asks for one place for both.

    Raises SweepFileError, with what to write into the job, where the runs have neither, or no step
    in common.
    """
    first, second = shared([a, b], at)
    steps = np.intersect1d(first.steps, second.steps)
    if not steps.size:
        raise SweepFileError(
            f"The {first.kind} of {first.run} and {second.run} have no step in common: give both "
            "the same keep_weights: {every: n}, or the same measure.every."
        )
    values = np.linalg.norm(first.at(steps) - second.at(steps), axis=1)
    told = {
        "of": f"{first.run} and {second.run}",
        "from": first.kind,
        "relative_error": error_of(first),
    }
    return xr.DataArray(values, {"step": steps}, ("step",), "distance", told)


def error_of(positions: Positions) -> float:
    """The relative error of distances, in root mean square: 0 for exact weights."""
    return 0.0 if positions.kind == "weights" else (2 * positions.points.shape[1]) ** -0.5


def trajectories(*runs: xr.Dataset, at: Place | None = None) -> pd.DataFrame:
    """Where runs went, in the plane that shows most of it: columns run, step, first and second.

    The plane goes through the mean of all points, along their two principal components; each run
    counts by its number of points. ``attrs["explained"]`` has the shares of the squared deviations
    along the two. Points are exact weights where all runs have them, else sketches, which keep
    the plane to about the accuracy of their distances. The sign of a component is such that its
    coordinate of largest magnitude is positive.
    """
    found = shared(list(runs), at)
    points = np.concatenate([own.points for own in found])
    points = points - points.mean(axis=0)
    left, sizes, _ = np.linalg.svd(points, full_matrices=False)
    plane = np.zeros((len(points), 2))
    plane[:, : min(2, len(sizes))] = (left * sizes)[:, :2]
    plane *= np.where(plane[np.abs(plane).argmax(axis=0), [0, 1]] < 0, -1, 1)
    table = pd.DataFrame(
        {
            "run": np.repeat([own.run for own in found], [len(own.steps) for own in found]),
            "step": np.concatenate([own.steps for own in found]),
            "first": plane[:, 0],
            "second": plane[:, 1],
        }
    )
    total = float((sizes**2).sum())
    table.attrs["explained"] = [float(s**2) / total if total > 0 else 0.0 for s in sizes[:2]]
    table.attrs["from"] = found[0].kind
    return table


def time_average(run: xr.Dataset, variable: str | xr.DataArray, window: float) -> xr.DataArray:
    """What was recorded along a run, averaged over time with a Gaussian window.

    At step t it is the mean of all values at steps s, weighted by
    ``exp(-(s - t)^2 / (2 window^2))`` and cut off at 4 windows. The weights add up to 1 at the ends
    of the run too, where the window is one-sided. Missing values do not count. ``window`` is the
    standard deviation in steps: to average bursts out it has to be some times as long as they last.

    ``variable`` is a name, or values made of some of the run's: ``run.gradient_norm ** 2`` for the
    mean squared norm, which is not the square of the mean. They lie along ``step`` or
    ``measurement``; the result lies along ``step``, at the steps that were recorded.
    """
    if not window > 0:
        raise SweepFileError(f"The window is {window}: give a number of steps above 0.")
    values = _values(run, variable)
    axis = "measurement" if "measurement" in values.dims else "step"
    if axis not in values.dims:
        raise SweepFileError(f"'{values.name}' has no values along a run to be averaged.")
    values = values.transpose(axis, ...)
    steps = _steps(run, values, axis)
    known = np.isfinite(steps) & (steps >= 0)
    steps, numbers = steps[known], values.values[known].astype(np.float64)
    present = np.isfinite(numbers).reshape(len(steps), -1).any(axis=1)
    steps, numbers = steps[present], numbers[present]
    averaged = _averages(steps, numbers.reshape(len(steps), -1), window).reshape(numbers.shape)
    dims = ("step", *values.dims[1:])
    return xr.DataArray(
        averaged, {"step": steps.astype(int)}, dims, values.name, {"window": window}
    )


def _values(run: xr.Dataset, variable: str | xr.DataArray) -> xr.DataArray:
    if isinstance(variable, xr.DataArray):
        return variable.squeeze("run") if "run" in variable.dims else variable
    if variable not in run:
        raise SweepFileError(f"The file has no variable '{variable}', or no run that recorded it.")
    return single(run, [variable])[variable]


def _steps(run: xr.Dataset, values: xr.DataArray, axis: str) -> np.ndarray:
    if axis == "measurement":
        return single(run, ["measured_step"])["measured_step"].values.astype(np.float64)
    if "step" in values.coords:
        return values["step"].values.astype(np.float64)
    return np.arange(values.sizes["step"], dtype=np.float64)


def _averages(steps: np.ndarray, values: np.ndarray, window: float) -> np.ndarray:
    """Weighted means of columns, where they are not missing."""
    result = np.full(values.shape, np.nan)
    present = np.isfinite(values)
    filled = np.where(present, values, 0.0)
    for index, step in enumerate(steps):
        near = slice(*np.searchsorted(steps, [step - REACH * window, step + REACH * window + 1e-9]))
        weights = np.exp(-0.5 * ((steps[near] - step) / window) ** 2)
        total = weights @ present[near]
        with np.errstate(invalid="ignore"):
            result[index] = (weights @ filled[near]) / total
    return result
