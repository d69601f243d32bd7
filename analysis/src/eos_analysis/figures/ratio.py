"""Sharpness divided by its stability threshold: every plateau sits at 1."""

from itertools import groupby

from eos_analysis.figures.drawing import (
    Drawing,
    FigureError,
    Page,
    last_step,
    mark_divergence,
    rate_colors,
    rate_legend,
    style,
)
from eos_analysis.figures.thresholds import RATIO_TOP, draw_ratio_threshold
from eos_analysis.traces import Trace, unique

PER_LINE = 4
"""Panels side by side where batch sizes need no rows of their own."""


def ratio_figure(traces: list[Trace]) -> Drawing:
    """One panel per optimizer and batch size, colours from small to large step size.

    Columns are optimizers and rows are batch sizes; with one batch size, optimizers are laid out
    line by line.
    """
    known = [trace for trace in traces if not trace.ratio.empty]
    if not known:
        raise FigureError("no run has measured the sharpness that its stability threshold is for.")
    optimizers = [list(group) for _, group in groupby(known, lambda trace: trace.optimizer)]
    batches = unique(trace.batch for trace in sorted(known, key=lambda trace: trace.order[3:]))
    wrapped = len(batches) == 1
    lines = -(-len(optimizers) // PER_LINE) if wrapped else len(batches)
    page = Page(
        columns=min(len(optimizers), PER_LINE) if wrapped else len(optimizers),
        heights=(1.6,) * lines,
        gaps=(0.35, *(0.8 if wrapped else 0.45,) * (lines - 1)),
        between=0.3,
        right=0.2,
    )
    colors = rate_colors(known)
    with style():
        drawing = Drawing(page.figure())
        for position, own in enumerate(optimizers):
            drawn = [batch for batch in batches if any(t.batch == batch for t in own)]
            for batch in drawn:
                line, column = divmod(position, PER_LINE)
                place = (line, column) if wrapped else (batches.index(batch), position)
                ends = (batch == drawn[0], batch == drawn[-1])
                name = "" if wrapped else batch
                runs = [trace for trace in own if trace.batch == batch]
                _draw_panel(drawing, page, place, runs, name, ends, colors)
    return drawing


def _draw_panel(
    drawing: Drawing,
    page: Page,
    place: tuple[int, int],
    runs: list[Trace],
    name: str,
    ends: tuple[bool, bool],
    colors: dict[tuple[str, float], str],
) -> None:
    axes = page.axes(drawing.figure, *place)
    axes.set_ylim(0, RATIO_TOP)
    axes.set_xlim(0, last_step(runs))
    axes.tick_params(labelleft=place[1] == 0)
    draw_ratio_threshold(axes)
    for trace in runs:
        color = colors[trace.optimizer, trace.learning_rate]
        drawing.plot(axes, trace, "ratio", color)
        if trace.diverged:
            mark_divergence(axes, trace.ratio, color)
    axes.text(0.06, 0.97, name, transform=axes.transAxes, va="top")
    first, last = ends
    if first:
        axes.set_title(runs[0].optimizer, weight="bold")
        rate_legend(axes, runs, colors)
    if last:
        axes.set_xlabel("step", labelpad=2)
    if place[1] == 0:
        axes.set_ylabel("sharpness / threshold")
