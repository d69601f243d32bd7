"""Where runs were: their weights along the way, or sketches of them."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import xarray as xr

from eos_analysis.errors import SweepFileError
from eos_analysis.sweep import run_ids, with_runs, with_words

Place = Literal["iterate", "midpoint"]
"""The weights ``w_t`` before step t, or ``(w_(t-1) + 2 w_t + w_(t+1)) / 4``."""

NAMES = (
    "kept_step",
    "kept_weights",
    "weights",
    "weight_sketch",
    "measured_step",
    "measured_at",
    "parameters",
    "steps_taken",
    "stop_reason",
)

REMEDY = (
    "write keep_weights: {every: n} (exact, for small networks) or measure: {sketch: true} into "
    "the job and run it again"
)


@dataclass(frozen=True)
class Positions:
    """Points of one run, by step."""

    run: str
    kind: Literal["weights", "sketches"]
    steps: np.ndarray
    """The steps, ascending."""
    points: np.ndarray
    """One row per step."""

    def at(self, steps: np.ndarray) -> np.ndarray:
        """The points of some of the steps."""
        return self.points[np.searchsorted(self.steps, steps)]


def single(dataset: xr.Dataset, names: tuple[str, ...] | list[str]) -> xr.Dataset:
    """Variables of the only run of a dataset, without the dimension of runs."""
    chosen = with_words(with_runs(dataset, list(names)))
    if chosen.sizes["run"] != 1:
        raise SweepFileError(
            f"One run is needed, and the dataset has {chosen.sizes['run']}: take one with "
            "sweep.sel(run=...) or sweep.isel(run=...)."
        )
    return chosen.isel(run=0)


def positions(dataset: xr.Dataset, at: Place | None = None) -> list[Positions]:
    """What is known of where a run was: exact weights first, then sketches; what there is none of
    is left out.

    ``at`` says which weights: by default those at which the run was measured. Midpoints of kept
    weights need three steps in a row. Sketches of networks no larger than a sketch are weights.
    """
    run = single(dataset, NAMES)
    place = at or _measured_place(run)
    name = run_ids(dataset)[0]
    kept, sketches = _kept(run, place), _sketches(run, place)
    is_exact = bool(sketches) and len(next(iter(sketches.values()))) == int(run["parameters"])
    weights = {**sketches, **kept} if is_exact else kept
    found = [_positions(name, "weights", weights)] if weights else []
    return found if is_exact or not sketches else [*found, _positions(name, "sketches", sketches)]


def shared(runs: list[xr.Dataset], at: Place | None = None) -> list[Positions]:
    """Points of several runs in one space: exact weights where all have them, else sketches."""
    everything = [positions(run, at) for run in runs]
    for own, run in zip(everything, runs, strict=True):
        if not own:
            where = f" at the {at}" if at else ""
            raise SweepFileError(
                f"The run {run_ids(run)[0]} has neither weights along its way nor sketches of "
                f"them{where}: {REMEDY}."
            )
    _check_networks(runs)
    for kind in ("weights", "sketches"):
        chosen = [next((p for p in own if p.kind == kind), None) for own in everything]
        if None not in chosen:
            return [p for p in chosen if p is not None]
    names = {own[0].kind: own[0].run for own in everything}
    raise SweepFileError(
        f"The run {names['weights']} has weights along its way and {names['sketches']} sketches, "
        "which cannot be held against each other: write keep_weights: {every: n}, or "
        "measure: {sketch: true}, for both."
    )


def _check_networks(runs: list[xr.Dataset]) -> None:
    counts = {run_ids(run)[0]: int(single(run, ["parameters"])["parameters"]) for run in runs}
    if len(set(counts.values())) > 1:
        told = " and ".join(f"{run} {count}" for run, count in counts.items())
        raise SweepFileError(f"The runs are of different networks: parameters of {told}.")


def _positions(
    run: str, kind: Literal["weights", "sketches"], found: dict[int, np.ndarray]
) -> Positions:
    steps = sorted(found)
    return Positions(run, kind, np.array(steps), np.array([found[step] for step in steps]))


def _measured_place(run: xr.Dataset) -> Place:
    is_midpoint = "measured_at" in run and bool((run["measured_at"].values == 1).any())
    return "midpoint" if is_midpoint else "iterate"


def _kept(run: xr.Dataset, place: Place) -> dict[int, np.ndarray]:
    """Exact weights by step; those at the end too, where the run took all its steps."""
    found: dict[int, np.ndarray] = {}
    count = int(run["parameters"]) if "parameters" in run else 0
    if "kept_weights" in run:
        steps = run["kept_step"].values
        known = np.isfinite(steps) & (steps >= 0)
        rows = run["kept_weights"].values[known, :count]
        found = dict(zip(steps[known].astype(int).tolist(), rows, strict=True))
    if "weights" in run and str(run.get("stop_reason", xr.DataArray("")).values) == "steps":
        found[int(run["steps_taken"])] = run["weights"].values[:count].astype(np.float64)
    found = {step: row for step, row in found.items() if np.isfinite(row).any()}
    return found if place == "iterate" else _midpoints(found)


def _midpoints(weights: dict[int, np.ndarray]) -> dict[int, np.ndarray]:
    inner = {
        step: (weights[step - 1] + 2 * row + weights[step + 1]) / 4
        for step, row in weights.items()
        if step - 1 in weights and step + 1 in weights
    }
    # Before the first step there is nothing to be averaged with.
    return ({0: weights[0]} | inner) if inner and 0 in weights else inner


def _sketches(run: xr.Dataset, place: Place) -> dict[int, np.ndarray]:
    if "weight_sketch" not in run:
        return {}
    sketches, steps = run["weight_sketch"].values, run["measured_step"].values
    width = int(np.isfinite(sketches).any(axis=0).sum())
    # Runs that are measured at iterates alone do not say so.
    is_midpoint = run["measured_at"].values == 1 if "measured_at" in run else np.zeros(len(steps))
    wanted = (is_midpoint == (place == "midpoint")) | (steps == 0)
    known = np.isfinite(sketches).any(axis=1) & (steps >= 0) & wanted
    return dict(zip(steps[known].astype(int).tolist(), sketches[known, :width], strict=True))
