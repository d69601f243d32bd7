"""Bands over seeds: the median of the runs, and a band from the lower to the upper quartile.

Loss over sharpness with the threshold; one column per step size, one pair of rows per optimizer,
a colour for each other setting.
"""

from itertools import groupby

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from eos_analysis.figures.drawing import Drawing, FigureError, line_colors, mark_divergence
from eos_analysis.figures.pairs import Pair, draw_pairs, legend_entries, step_size_row
from eos_analysis.figures.thresholds import draw_thresholds
from eos_analysis.traces import Trace, decimate, unique

FEWEST = 3
"""Runs of which quartiles say anything."""

QUARTILES = {"lower_quartile": 0.25, "value": 0.5, "upper_quartile": 0.75}


def seeds_figure(traces: list[Trace]) -> Drawing:
    """Draws the settings that ran with several seeds; crosses where single runs diverged."""
    drawn = [trace for _, own in _by_setting(traces) if len(own) >= FEWEST for trace in own]
    if not drawn:
        raise FigureError(f"it needs {FEWEST} runs that differ in nothing but the seed.")
    colors = line_colors(unique(_setting(trace) for trace in drawn))

    def draw(drawing: Drawing, loss: Axes, sharpness: Axes, pair: Pair) -> None:
        for setting, own in _by_setting(pair.traces):
            for axes, quantity in ((loss, "loss"), (sharpness, "sharpness")):
                _draw_band(drawing, axes, own, quantity, colors[setting])
        draw_thresholds(sharpness, pair.traces, lambda trace: colors[_setting(trace)])

    rows = [step_size_row(list(own)) for _, own in groupby(drawn, lambda trace: trace.optimizer)]
    return draw_pairs(rows, legend_entries(drawn, colors), draw)


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
    table = pd.concat(curves, axis=1).sort_index()
    table = table[table.count(axis=1) >= max(2, len(curves) / 2)]
    quartiles = np.nanquantile(table.to_numpy(), list(QUARTILES.values()), axis=1)
    return pd.DataFrame(dict(zip(QUARTILES, quartiles, strict=True)), index=table.index)


def _draw_band(drawing: Drawing, axes: Axes, runs: list[Trace], quantity: str, color: str) -> None:
    curves = [getattr(trace, quantity) for trace in runs if len(getattr(trace, quantity))]
    quartiles = band(curves) if curves else pd.DataFrame()
    if not quartiles.empty:
        steps = sorted(
            {step for name in QUARTILES for step in decimate(pd.Series(quartiles[name])).index}
        )
        quartiles = quartiles.loc[steps]
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
            quartiles.rename_axis("step").reset_index(),
            optimizer=runs[0].optimizer,
            learning_rate=runs[0].learning_rate,
            label=_setting(runs[0]),
            runs=len(curves),
            quantity=quantity,
        )
    for trace in runs:
        if trace.diverged:
            mark_divergence(axes, getattr(trace, quantity), color)
