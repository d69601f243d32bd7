"""The standard figure: train loss over sharpness, with the threshold of each optimizer.

One column per step size and one pair of rows per optimizer, as in Cohen et al. 2021
(arXiv 2103.00065) and 2022 (arXiv 2207.14484).
"""

from dataclasses import replace
from itertools import groupby
from math import ceil

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator, NullFormatter

from eos_analysis.figures.drawing import (
    DIVERGED_ENTRY,
    INK,
    Drawing,
    Page,
    entries_per_line,
    last_step,
    line_colors,
    line_entry,
    mark_divergence,
    style,
    tex,
)
from eos_analysis.traces import FULL_BATCH, Trace, unique

LOSS_HEIGHT, SHARPNESS_HEIGHT = 1.05, 1.3


def standard_figure(traces: list[Trace]) -> Drawing:
    """Draws all runs: colours tell batch sizes and seeds, crosses where runs diverged."""
    rows = [list(group) for _, group in groupby(traces, lambda trace: trace.optimizer)]
    columns = max(len(unique(trace.learning_rate for trace in row)) for row in rows)
    colors = line_colors(_labels(traces))
    entries = _legend(traces, colors)
    legend_height = 0.2 * ceil(len(entries) / entries_per_line(columns))
    page = Page(
        columns=columns,
        heights=(LOSS_HEIGHT, SHARPNESS_HEIGHT) * len(rows),
        gaps=(0.75 + legend_height, 0.22, *((1.05, 0.22) * (len(rows) - 1))),
    )
    with style():
        drawing = Drawing(page.figure())
        for position, row in enumerate(rows):
            _draw_optimizer(drawing, page, position, row, colors)
        page.legend(drawing.figure, entries)
    return drawing


def _labels(traces: list[Trace]) -> list[str]:
    """Labels of the lines; full batch first, then falling batch sizes, then the rest."""
    return unique(
        trace.label
        for trace in sorted(traces, key=lambda t: replace(t, optimizer="", learning_rate=0).order)
    )


def _legend(traces: list[Trace], colors: dict[str, str]) -> list[Line2D]:
    entries = [line_entry(label, color) for label, color in colors.items() if label]
    if any(np.isfinite(trace.threshold) for trace in traces):
        entries.append(line_entry("stability threshold", INK, "--"))
    return [*entries, DIVERGED_ENTRY] if any(trace.diverged for trace in traces) else entries


def _draw_optimizer(
    drawing: Drawing, page: Page, position: int, row: list[Trace], colors: dict[str, str]
) -> None:
    top = 2 * position
    heading = page.top(top) + 0.32
    page.text(drawing.figure, page.left, heading, row[0].optimizer, fontsize=11, weight="bold")
    first: Axes | None = None
    for column, rate in enumerate(unique(trace.learning_rate for trace in row)):
        panel = [trace for trace in row if trace.learning_rate == rate]
        loss = page.axes(drawing.figure, top, column, sharex=first, sharey=first)
        sharpness = page.axes(drawing.figure, top + 1, column, sharex=loss)
        loss.set_title(rf"$\eta = {tex(rate)}$")
        loss.tick_params(labelbottom=False, labelleft=first is None)
        sharpness.set_xlabel("step", labelpad=2)
        if first is None:
            loss.set_yscale("log")
            loss.yaxis.set_minor_formatter(NullFormatter())
            loss.set_ylim(*_loss_limits(row))
            loss.set_xlim(0, last_step(row))
            loss.set_ylabel("train loss")
            sharpness.set_ylabel(_sharpness_label(row))
            first = loss
        _draw_panel(drawing, loss, sharpness, panel, colors)


def _draw_panel(
    drawing: Drawing, loss: Axes, sharpness: Axes, panel: list[Trace], colors: dict[str, str]
) -> None:
    sharpness.set_ylim(*_sharpness_limits(panel))
    sharpness.yaxis.set_major_locator(MaxNLocator(4))
    sharpness.ticklabel_format(axis="y", scilimits=(-3, 4), useMathText=True)
    for trace in reversed(panel):  # full batch last, on top of the noisier lines
        color = colors[trace.label]
        drawing.plot(loss, trace, "loss", color, faint=trace.batch != FULL_BATCH)
        drawing.plot(sharpness, trace, "sharpness", color)
        if trace.diverged:
            mark_divergence(loss, trace.loss, color)
            mark_divergence(sharpness, trace.sharpness, color)
    threshold = _threshold(panel)
    if np.isfinite(threshold):
        _draw_threshold(sharpness, threshold, threshold * panel[0].learning_rate)


def _threshold(panel: list[Trace]) -> float:
    """The threshold of the runs that have one; runs of a panel share it."""
    return next((t.threshold for t in panel if np.isfinite(t.threshold)), np.nan)


def _draw_threshold(axes: Axes, threshold: float, factor: float) -> None:
    axes.axhline(threshold, color=INK, linestyle="--", linewidth=0.9, zorder=4)
    axes.annotate(
        rf"${factor:.3g}/\eta$",
        (1, threshold),
        xycoords=("axes fraction", "data"),
        xytext=(4, 0),
        textcoords="offset points",
        ha="left",
        va="center",
    )


def _sharpness_label(row: list[Trace]) -> str:
    if any(trace.preconditioned for trace in row):
        return "preconditioned\nsharpness"
    return "sharpness"


def _loss_limits(row: list[Trace]) -> tuple[float, float]:
    """All of every run that stayed bounded, two decades at least; the first rise of others."""
    steady = [trace.loss for trace in row if not trace.diverged] or [
        trace.loss[trace.loss <= 10 * trace.loss.iloc[0]] for trace in row
    ]
    values = np.concatenate([np.asarray(curve) for curve in steady])
    values = values[values > 0] if (values > 0).any() else np.array([1.0])
    high = 1.5 * max(values.max(), *(trace.loss.iloc[0] for trace in row))
    return min(values.min() / 1.5, high / 100), high


def _sharpness_limits(panel: list[Trace]) -> tuple[float, float]:
    """Holds the threshold and every steady run, but no more than twice the threshold."""
    steady = [trace.sharpness for trace in panel if not trace.diverged and len(trace.sharpness)]
    threshold = _threshold(panel)
    low = min([0.0, *(curve.min() for curve in steady)])
    high = max([0.0, *(curve.max() for curve in steady)])
    if np.isfinite(threshold):
        low, high = max(low, -0.5 * threshold), max(1.3 * threshold, min(high, 2 * threshold))
    return low, 1.05 * high if high > 0 else low + 1
