"""The edge of stability by batch size: the plateau of the ratio rises as the batch grows.

One column per batch size, loss over the ratio of sharpness to threshold, colours from small to
large step size; after Cohen et al. 2022 (arXiv 2207.14484).
"""

from collections.abc import Callable
from itertools import groupby

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from eos_analysis.figures.drawing import (
    INK,
    Drawing,
    FigureError,
    identity,
    rate_colors,
    rate_legend,
)
from eos_analysis.figures.pairs import Pair, PairRow, draw_pairs, draw_run, legend_entries
from eos_analysis.labels import FULL_BATCH
from eos_analysis.traces import Trace

LATE = 0.75
"""The plateau is the median of the ratio from this fraction of the steps on."""


TEXT_HEIGHT = 0.1
"""Height of a number as a fraction of its panel."""


def batch_sizes_figure(traces: list[Trace]) -> Drawing:
    """One pair of rows per optimizer, seed ...; a thick line and a number at each plateau."""
    known = [trace for trace in traces if not trace.ratio.empty]
    rows = [_row(list(own)) for _, own in groupby(sorted(known, key=_order), _heading)]
    rows = [row for row in rows if len(row.pairs) > 1]
    if not rows:
        raise FigureError("it compares batch sizes, and no two runs differ in theirs.")
    drawn = [trace for row in rows for trace in row.traces]
    colors = rate_colors(drawn)
    limits = (0.0, _top(drawn))
    first = {id(row.pairs[0]): row for row in rows}

    def color(trace: Trace) -> str:
        return colors[trace.optimizer, trace.learning_rate]

    def draw(drawing: Drawing, loss: Axes, ratio: Axes, pair: Pair) -> None:
        ratio.axhline(1, color=INK, linestyle="--", linewidth=0.9, zorder=4)
        for trace in pair.traces:
            draw_run(drawing, loss, ratio, trace, color(trace), "ratio")
        _draw_plateaus(drawing, ratio, pair.traces, color)
        if id(pair) in first:
            rate_legend(loss, first[id(pair)].traces, colors)

    entries = legend_entries(drawn, {})
    return draw_pairs(rows, entries, draw, "sharpness / threshold", lambda pair: limits)


def _heading(trace: Trace) -> str:
    rest = trace.label_of(lambda key: key != "batch_size")
    return ", ".join(filter(None, [trace.optimizer, rest]))


def _order(trace: Trace) -> tuple[object, ...]:
    known, optimizer, rate, *_ = trace.order
    return (known, optimizer, _heading(trace), trace.batch == FULL_BATCH, trace.batch_size, rate)


def _row(traces: list[Trace]) -> PairRow:
    batches = groupby(traces, lambda trace: trace.batch)
    return PairRow(_heading(traces[0]), [Pair(batch, list(own)) for batch, own in batches])


def _top(traces: list[Trace]) -> float:
    """Holds the late ratios; earlier ones may leave the panel, as under Adam they always do."""
    late = [_late(trace).max() for trace in traces if not trace.diverged]
    return min(max([1.4, *(1.1 * ratio for ratio in late)]), 2.0)


def _late(trace: Trace) -> pd.Series:
    return trace.ratio[trace.ratio.index >= LATE * trace.ratio.index[-1]]


def _draw_plateaus(
    drawing: Drawing, axes: Axes, traces: list[Trace], color: Callable[[Trace], str]
) -> None:
    """Thick lines at the plateaus, and their heights in a column beside the panel."""
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
        table = pd.DataFrame({"step": [start], "value": [level], "threshold": [1.0]})
        drawing.keep(table, **identity(trace), quantity="plateau")
