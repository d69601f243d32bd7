"""The edge of stability by batch size: the late ratio rises as the batch grows.

One column per batch size, loss over the ratio of sharpness to threshold, colours from small to
large step size; after Cohen et al. 2022 (arXiv 2207.14484).
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from eos_analysis.figures.drawing import (
    Drawing,
    FigureError,
    identity,
    rate_colors,
    rate_legend,
)
from eos_analysis.figures.pairs import (
    Pair,
    PairRow,
    draw_pairs,
    draw_run,
    legend_entries,
    select,
)
from eos_analysis.figures.rows import rows_by_heading
from eos_analysis.figures.style import style
from eos_analysis.figures.thresholds import RATIO_TOP, draw_ratio_threshold
from eos_analysis.traces import Trace, unique

LATE = 0.75
"""The late ratio is the median of the ratio from this fraction of the steps on."""

TEXT_HEIGHT = 0.1
"""Height of a number as a fraction of its panel."""


@style()
def batch_sizes_figure(traces: list[Trace]) -> Drawing:
    """One pair of rows per optimizer, seed ...; a thick line and a number at each late ratio."""
    known = [trace for trace in traces if not trace.ratio.empty]
    headed = rows_by_heading(known, lambda key: key != "batch_size")
    rows = [_row(heading, own) for heading, own in headed.items()]
    rows = [row for row in rows if len(row.pairs) > 1]
    if not rows:
        raise FigureError("it compares batch sizes, and no two runs differ in theirs.")
    selection = select(rows, "batch sizes")
    drawn = selection.traces
    colors = rate_colors(drawn)
    limits = (0.0, _top(drawn))
    first = {id(row.pairs[0].traces): row for row in selection.rows}

    def color(trace: Trace) -> str:
        return colors[trace.optimizer, trace.learning_rate]

    def draw(drawing: Drawing, loss: Axes, ratio: Axes, pair: Pair) -> None:
        draw_ratio_threshold(ratio)
        for trace in pair.traces:
            draw_run(drawing, loss, ratio, trace, color(trace), "ratio")
        _draw_late_ratios(drawing, ratio, pair.traces, color)
        if id(pair.traces) in first:
            rate_legend(loss, first[id(pair.traces)].traces, colors)

    entries = legend_entries(drawn, {})
    return draw_pairs(selection, entries, draw, "sharpness / threshold", lambda pair: limits)


def _row(heading: str, traces: list[Trace]) -> PairRow:
    batches = reversed(unique(trace.batch for trace in traces))
    return PairRow(heading, [Pair(b, [t for t in traces if t.batch == b]) for b in batches])


def _top(traces: list[Trace]) -> float:
    """Holds the late ratios; earlier ones may leave the panel, as under Adam they always do."""
    late = [_late(trace).max() for trace in traces if not trace.diverged]
    return min(max([1.4, *(1.1 * ratio for ratio in late)]), RATIO_TOP)


def _late(trace: Trace) -> pd.Series:
    return trace.ratio.loc[trace.ratio.index >= LATE * trace.ratio.index[-1]]


def _draw_late_ratios(
    drawing: Drawing, axes: Axes, traces: list[Trace], color: Callable[[Trace], str]
) -> None:
    """Thick lines at the late ratios, and their values in a column beside the panel."""
    steady = sorted((t for t in traces if not t.diverged), key=lambda t: _late(t).median())
    height = -np.inf
    for trace in steady:
        late = _late(trace)
        level, start, end = float(late.median()), late.index[0], late.index[-1]
        axes.plot([start, end], [level, level], color=color(trace), linewidth=2.2, zorder=5)
        height = max(level, height + TEXT_HEIGHT * axes.get_ylim()[1])
        axes.annotate(
            f"{level:.2f}",
            (1, height),
            xycoords=("axes fraction", "data"),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color=color(trace),
        )
        table = {"step": [start], "value": [level], "threshold": [1.0]}
        drawing.keep(table, **identity(trace), quantity="late_ratio")
