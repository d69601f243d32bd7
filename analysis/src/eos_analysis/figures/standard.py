"""The standard figure: train loss over sharpness, with the threshold of each optimizer.

One column per step size and one pair of rows per optimizer, as in Cohen et al. 2021
(arXiv 2103.00065) and 2022 (arXiv 2207.14484).
"""

from dataclasses import replace
from itertools import groupby

from matplotlib.axes import Axes

from eos_analysis.figures.drawing import INK, Drawing, line_colors, tex
from eos_analysis.figures.pairs import (
    Pair,
    PairRow,
    draw_pairs,
    draw_run,
    draw_threshold,
    legend_entries,
)
from eos_analysis.traces import Trace, unique


def standard_figure(traces: list[Trace]) -> Drawing:
    """Draws all runs: colours tell batch sizes and seeds, crosses where runs diverged."""
    colors = line_colors(_labels(traces))

    def draw(drawing: Drawing, loss: Axes, sharpness: Axes, pair: Pair) -> None:
        for trace in reversed(pair.traces):  # full batch last, on top of the noisier lines
            draw_run(drawing, loss, sharpness, trace, colors[trace.label])
        distinct = _distinct_thresholds(pair.traces)
        for trace in distinct:
            color = INK if len(distinct) == 1 else colors[trace.label]
            draw_threshold(sharpness, trace.threshold, trace.edge, color)

    rows = [_row(list(group)) for _, group in groupby(traces, lambda trace: trace.optimizer)]
    return draw_pairs(rows, legend_entries(traces, colors), draw)


def _row(traces: list[Trace]) -> PairRow:
    rates = groupby(traces, lambda trace: trace.learning_rate)
    pairs = [Pair(rf"$\eta = {tex(rate)}$", list(own)) for rate, own in rates]
    return PairRow(traces[0].optimizer, pairs)


def _labels(traces: list[Trace]) -> list[str]:
    """Labels of the lines; full batch first, then falling batch sizes, then the rest."""
    return unique(
        trace.label
        for trace in sorted(
            traces, key=lambda t: replace(t, name="", optimizer="", learning_rate=0).order
        )
    )


def _distinct_thresholds(traces: list[Trace]) -> list[Trace]:
    """One run per threshold: runs of a panel differ in it only if their schedules do."""
    found: dict[tuple[float, ...], Trace] = {}
    for trace in traces:
        if not trace.threshold.empty:
            found.setdefault(tuple(trace.threshold.unique()), trace)
    return list(found.values())
