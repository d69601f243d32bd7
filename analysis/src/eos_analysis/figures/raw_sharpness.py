"""Raw beside preconditioned sharpness: the first keeps rising while the second stays at its edge.

Columns are train loss, sharpness, and preconditioned sharpness over its threshold; one row per
optimizer with a preconditioner; after Cohen et al. 2022 (arXiv 2207.14484).
"""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from eos_analysis.figures.drawing import (
    Drawing,
    FigureError,
    Page,
    last_step,
    mark_divergence,
    rate_colors,
    rate_legend,
    style,
    use_log_scale,
)
from eos_analysis.figures.rows import rows_by_heading
from eos_analysis.figures.thresholds import RATIO_TOP, draw_ratio_threshold
from eos_analysis.traces import Trace

COLUMNS = {
    "loss": "train loss",
    "plain_sharpness": "sharpness",
    "ratio": "preconditioned sharpness\n/ threshold",
}


def raw_sharpness_figure(traces: list[Trace]) -> Drawing:
    """Draws the runs that measured both, colours from small to large step size."""
    both = [t for t in traces if t.preconditioned and len(t.plain_sharpness) and len(t.ratio)]
    if not both:
        raise FigureError(
            "no run has measured the sharpness and the preconditioned sharpness; "
            "take an optimizer with a preconditioner and measure.preconditioned: true."
        )
    rows = rows_by_heading(both, lambda key: True)
    page = Page(
        columns=3,
        heights=(1.4,) * len(rows),
        gaps=(0.55, *(0.95,) * (len(rows) - 1)),
        between=1.0,
    )
    colors = rate_colors(both)
    with style():
        drawing = Drawing(page.figure())
        for position, (heading, row) in enumerate(rows.items()):
            height = page.top(position) + 0.2
            page.text(drawing.figure, page.left, height, heading, fontsize=11, weight="bold")
            for column, quantity in enumerate(COLUMNS):
                axes = page.axes(drawing.figure, position, column)
                _scale(axes, quantity, row)
                _draw(drawing, axes, quantity, row, colors)
    return drawing


def _scale(axes: Axes, quantity: str, row: list[Trace]) -> None:
    axes.set_xlim(0, last_step(row))
    axes.set_xlabel("step", labelpad=2)
    axes.set_ylabel(COLUMNS[quantity])
    if quantity == "loss":
        use_log_scale(axes)
    elif quantity == "ratio":
        axes.set_ylim(0, RATIO_TOP)
        draw_ratio_threshold(axes)
    else:
        steady: list[pd.Series] = [t.plain_sharpness for t in row if not t.diverged]
        axes.set_ylim(0, 1.1 * max([1e-12, *(curve.max() for curve in steady)]))
        axes.yaxis.set_major_locator(MaxNLocator(4))
        axes.ticklabel_format(axis="y", scilimits=(-3, 4), useMathText=True)


def _draw(
    drawing: Drawing,
    axes: Axes,
    quantity: str,
    row: list[Trace],
    colors: dict[tuple[str, float], str],
) -> None:
    for trace in row:
        color = colors[trace.optimizer, trace.learning_rate]
        drawing.plot(axes, trace, quantity, color)
        if trace.diverged:
            mark_divergence(axes, getattr(trace, quantity), color)
    if quantity == "loss":
        rate_legend(axes, row, colors)
