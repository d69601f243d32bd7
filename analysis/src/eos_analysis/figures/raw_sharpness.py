"""Raw beside preconditioned sharpness: the first keeps rising while the second stays at its edge.

Columns are train loss, sharpness, and preconditioned sharpness over its threshold; one row per
optimizer with a preconditioner; after Cohen et al. 2022 (arXiv 2207.14484).
"""

import pandas as pd
from matplotlib.axes import Axes

from eos_analysis.figures.drawing import (
    Drawing,
    FigureError,
    last_step,
    mark_divergence,
    rate_colors,
    rate_legend,
)
from eos_analysis.figures.numbers import bounded, use_log_scale, use_plain_scale
from eos_analysis.figures.page import Page, wrap
from eos_analysis.figures.pairs import HEADING_LINE, loss_limits
from eos_analysis.figures.rows import rows_by_heading
from eos_analysis.figures.selection import note, some_rows
from eos_analysis.figures.style import style
from eos_analysis.figures.thresholds import RATIO_TOP, draw_ratio_threshold
from eos_analysis.traces import Trace

COLUMNS = {
    "loss": "train loss",
    "plain_sharpness": "sharpness",
    "ratio": "preconditioned sharpness\n/ threshold",
}


@style()
def raw_sharpness_figure(traces: list[Trace]) -> Drawing:
    """Draws the runs that measured both, colours from small to large step size."""
    both = [t for t in traces if t.preconditioned and len(t.plain_sharpness) and len(t.ratio)]
    if not both:
        raise FigureError(
            "no run has measured the sharpness and the preconditioned sharpness; "
            "take an optimizer with a preconditioner and measure.preconditioned: true."
        )
    found = rows_by_heading(both, lambda key: True)
    headings = some_rows(list(found))
    rows = {wrap(heading, 7.5, 11): found[heading] for heading in headings}
    more = [HEADING_LINE * heading.count("\n") for heading in rows]
    page = Page(
        columns=3,
        heights=(1.4,) * len(rows),
        gaps=tuple(g + m for g, m in zip([0.55, *[0.95] * (len(rows) - 1)], more, strict=True)),
        between=1.0,
    )
    shown = [trace for row in rows.values() for trace in row]
    colors = rate_colors(shown)
    drawing = Drawing(page.figure(), 3 * len(shown), note(len(rows), len(found), "rows"))
    page.notes(drawing.figure, drawing.notes)
    for position, (heading, row) in enumerate(rows.items()):
        page.heading(drawing.figure, position, 0.2, heading)
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
        use_log_scale(axes, *loss_limits(row))
    elif quantity == "ratio":
        axes.set_ylim(0, RATIO_TOP)
        draw_ratio_threshold(axes)
    else:
        steady: list[pd.Series] = [t.plain_sharpness for t in row if not t.diverged]
        axes.set_ylim(*bounded(0, 1.1 * max([1e-12, *(curve.max() for curve in steady)])))
        use_plain_scale(axes)


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
