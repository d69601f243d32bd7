"""Sharpness divided by its stability threshold: every plateau sits at 1."""

from itertools import groupby

from matplotlib.axes import Axes

from eos_analysis.figures.drawing import (
    INK,
    Drawing,
    Page,
    last_step,
    line_entry,
    mark_divergence,
    shades,
    style,
    tex,
)
from eos_analysis.traces import Trace, unique

TOP = 2.0
"""Upper end of the axes; adaptive optimizers start many times above their threshold."""


def ratio_figure(traces: list[Trace]) -> Drawing:
    """One column per optimizer, one row per batch size, colours from small to large step size."""
    columns = [list(group) for _, group in groupby(traces, lambda trace: trace.optimizer)]
    batches = unique(trace.batch for trace in sorted(traces, key=lambda trace: trace.order[3:]))
    page = Page(
        columns=len(columns),
        heights=(1.6,) * len(batches),
        gaps=(0.35, *(0.45,) * (len(batches) - 1)),
        between=0.3,
        right=0.2,
    )
    with style():
        drawing = Drawing(page.figure())
        for column, own in enumerate(columns):
            _draw_optimizer(drawing, page, column, own, batches)
    return drawing


def _draw_optimizer(
    drawing: Drawing, page: Page, column: int, own: list[Trace], batches: list[str]
) -> None:
    rates = unique(trace.learning_rate for trace in own)
    colors = dict(zip(rates, shades(len(rates)), strict=True))
    rows = [row for row, batch in enumerate(batches) if any(t.batch == batch for t in own)]
    for row in rows:
        axes = page.axes(drawing.figure, row, column)
        axes.set_ylim(0, TOP)
        axes.set_xlim(0, last_step(own))
        axes.tick_params(labelleft=column == 0)
        axes.axhline(1, color=INK, linestyle="--", linewidth=0.9, zorder=4)
        for trace in own:
            if trace.batch == batches[row]:
                _draw_run(drawing, axes, trace, colors[trace.learning_rate])
        if len(batches) > 1:
            axes.text(0.06, 0.97, batches[row], transform=axes.transAxes, va="top")
        if row == rows[0]:
            axes.set_title(own[0].optimizer, weight="bold")
            _legend(axes, colors)
        if row == rows[-1]:
            axes.set_xlabel("step", labelpad=2)
        if column == 0:
            axes.set_ylabel("sharpness / threshold")


def _draw_run(drawing: Drawing, axes: Axes, trace: Trace, color: str) -> None:
    drawing.plot(axes, trace, "ratio", color)
    if trace.diverged:
        mark_divergence(axes, trace.ratio, color)


def _legend(axes: Axes, colors: dict[float, str]) -> None:
    entries = [line_entry(rf"$\eta={tex(rate)}$", color) for rate, color in colors.items()]
    axes.legend(
        handles=entries,
        loc="upper right",
        fontsize=8,
        handlelength=1.2,
        labelspacing=0.2,
        borderaxespad=0.1,
    )
