"""The standard figure: train loss over sharpness, with the threshold of each optimizer.

One column per step size and one pair of rows per optimizer, as in Cohen et al. 2021
(arXiv 2103.00065) and 2022 (arXiv 2207.14484).
"""

from itertools import groupby

from matplotlib.axes import Axes

from eos_analysis.figures.drawing import Drawing, line_colors
from eos_analysis.figures.pairs import (
    Pair,
    draw_pairs,
    draw_run,
    legend_entries,
    select,
    step_size_row,
)
from eos_analysis.figures.style import style
from eos_analysis.figures.thresholds import draw_thresholds
from eos_analysis.traces import Trace, unique


@style()
def standard_figure(traces: list[Trace]) -> Drawing:
    """Draws all runs: colours tell batch sizes and seeds, crosses where runs diverged."""
    rows = [step_size_row(list(own)) for _, own in groupby(traces, lambda trace: trace.optimizer)]
    selection = select(rows, "step sizes")
    colors = line_colors(_labels(selection.traces))

    def draw(drawing: Drawing, loss: Axes, sharpness: Axes, pair: Pair) -> None:
        for trace in reversed(pair.traces):  # full batch last, on top of the noisier lines
            draw_run(drawing, loss, sharpness, trace, colors[trace.label])
        draw_thresholds(sharpness, pair.traces, lambda trace: colors[trace.label])

    return draw_pairs(selection, legend_entries(selection.traces, colors), draw)


def _labels(traces: list[Trace]) -> list[str]:
    """Labels of the lines; full batch first, then falling batch sizes, then the rest."""
    return unique(trace.label for trace in sorted(traces, key=lambda trace: trace.order[3:]))
