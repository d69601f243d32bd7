"""Bands over seeds: the median of the runs, and a band from the lower to the upper quartile.

Loss over sharpness with the threshold; one column per step size, one pair of rows per optimizer,
a colour for each other setting.
"""

from itertools import groupby

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from eos_analysis.curves import decimate
from eos_analysis.figures.drawing import Drawing, FigureError, line_colors, mark_divergence
from eos_analysis.figures.pairs import Pair, draw_pairs, legend_entries, select, step_size_row
from eos_analysis.figures.style import style
from eos_analysis.figures.thresholds import draw_thresholds
from eos_analysis.traces import Trace, unique

FEWEST = 3
"""Runs of which quartiles say anything."""

BLOCK = 4_000_000
"""Values of all runs together that are sorted at once."""

QUARTILES = {"lower_quartile": 0.25, "value": 0.5, "upper_quartile": 0.75}


@style()
def seeds_figure(traces: list[Trace]) -> Drawing:
    """Draws the settings that ran with several seeds; crosses where single runs diverged."""
    drawn = [trace for _, own in _by_setting(traces) if len(own) >= FEWEST for trace in own]
    if not drawn:
        raise FigureError(f"it needs {FEWEST} runs that differ in nothing but the seed.")
    rows = [step_size_row(list(own)) for _, own in groupby(drawn, lambda trace: trace.optimizer)]
    selection = select(rows, "step sizes")
    colors = line_colors(unique(_setting(trace) for trace in selection.traces))

    def draw(drawing: Drawing, loss: Axes, sharpness: Axes, pair: Pair) -> None:
        for setting, own in _by_setting(pair.traces):
            for axes, quantity in ((loss, "loss"), (sharpness, "sharpness")):
                _draw_band(drawing, axes, own, quantity, colors[setting])
        draw_thresholds(sharpness, pair.traces, lambda trace: colors[_setting(trace)])

    return draw_pairs(selection, legend_entries(selection.traces, colors), draw)


def _setting(trace: Trace) -> str:
    return trace.label_of(lambda key: key != "seed")


def _by_setting(traces: list[Trace]) -> list[tuple[str, list[Trace]]]:
    """Runs that differ in nothing but the seed, in drawing order."""
    found: dict[tuple[str, float, str], list[Trace]] = {}
    for trace in traces:
        found.setdefault((trace.optimizer, trace.learning_rate, _setting(trace)), []).append(trace)
    return [(key[2], own) for key, own in found.items()]


def band(curves: list[pd.Series]) -> pd.DataFrame:
    """Quartiles and median at the steps that at least half of the runs, and two, have reached."""
    counts = np.bincount(np.concatenate([curve.index.to_numpy() for curve in curves]))
    steps = np.flatnonzero(counts >= max(2, len(curves) / 2))
    quartiles = np.empty((len(QUARTILES), len(steps)))
    together = max(1, BLOCK // len(curves))
    for start in range(0, len(steps), together):
        part = slice(start, start + together)
        quartiles[:, part] = _quartiles(curves, steps[part])
    return pd.DataFrame(
        dict(zip(QUARTILES, quartiles, strict=True)), index=pd.Index(steps, name="step")
    )


def _quartiles(curves: list[pd.Series], steps: np.ndarray) -> np.ndarray:
    """Of the values that the curves have at each step, between neighbours in proportion."""
    table = np.full((len(curves), len(steps)), np.inf)
    for row, curve in zip(table, curves, strict=True):
        own = curve.index.to_numpy()
        places = np.minimum(np.searchsorted(own, steps), len(own) - 1)
        there = own[places] == steps
        row[there] = curve.to_numpy()[places[there]]
    table.sort(axis=0)
    last = np.isfinite(table).sum(axis=0) - 1
    at = np.outer(list(QUARTILES.values()), last)
    below = at.astype(int)
    above = np.minimum(below + 1, last)
    low, high = (np.take_along_axis(table, places, axis=0) for places in (below, above))
    return low + (high - low) * (at - below)


def _draw_band(drawing: Drawing, axes: Axes, runs: list[Trace], quantity: str, color: str) -> None:
    curves = [getattr(trace, quantity) for trace in runs if len(getattr(trace, quantity))]
    quartiles = band(curves) if curves else pd.DataFrame()
    if not quartiles.empty:
        thinned = [decimate(pd.Series(quartiles[name])).index for name in QUARTILES]
        quartiles = quartiles.loc[np.unique(np.concatenate(thinned))]
        axes.fill_between(
            quartiles.index,
            quartiles["lower_quartile"],
            quartiles["upper_quartile"],
            color=color,
            alpha=0.25,
            linewidth=0,
        )
        axes.plot(quartiles.index, quartiles["value"], color=color)
        drawing.keep(
            {"step": quartiles.index, **{name: quartiles[name] for name in QUARTILES}},
            optimizer=runs[0].optimizer,
            learning_rate=runs[0].learning_rate,
            label=_setting(runs[0]),
            runs=len(curves),
            quantity=quantity,
        )
    for trace in runs:
        if trace.diverged:
            mark_divergence(axes, getattr(trace, quantity), color)
