"""The papers' form: panels of train loss (log), each over a panel of sharpness.

Rows of such pairs, one heading per row and one title per pair; a figure says what stands where.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import ceil

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from eos_analysis.figures.drawing import (
    DIVERGED_ENTRY,
    INK,
    Drawing,
    Page,
    entries_per_line,
    last_step,
    line_entry,
    mark_divergence,
    style,
    tex,
    use_log_scale,
)
from eos_analysis.labels import FULL_BATCH
from eos_analysis.traces import Trace, unique

LOSS_HEIGHT, SHARPNESS_HEIGHT = 1.05, 1.3


@dataclass(frozen=True)
class Pair:
    """A panel of losses over one of sharpness."""

    title: str
    traces: list[Trace]


@dataclass(frozen=True)
class PairRow:
    """Pairs side by side that share the axis of the loss."""

    heading: str
    pairs: list[Pair]

    @property
    def traces(self) -> list[Trace]:
        """The runs of all pairs."""
        return [trace for pair in self.pairs for trace in pair.traces]


def step_size_row(traces: list[Trace]) -> PairRow:
    """The runs of one optimizer, a pair per step size."""
    rates = unique(trace.learning_rate for trace in traces)
    pairs = [
        Pair(rf"$\eta = {tex(rate)}$", [t for t in traces if t.learning_rate == rate])
        for rate in rates
    ]
    return PairRow(traces[0].optimizer, pairs)


DrawPair = Callable[[Drawing, Axes, Axes, Pair], None]
"""Draws the runs of a pair into its two panels, whose limits are set."""


def draw_pairs(
    rows: list[PairRow],
    entries: list[Line2D],
    draw: DrawPair,
    quantity: str | None = None,
    limits: Callable[[Pair], tuple[float, float]] | None = None,
) -> Drawing:
    """Lays out the rows under a legend.

    `quantity` names the lower panels where it is not the sharpness, and `limits` are their ends.
    """
    columns = max(len(row.pairs) for row in rows)
    legend_height = 0.2 * ceil(len(entries) / entries_per_line(columns))
    page = Page(
        columns=columns,
        heights=(LOSS_HEIGHT, SHARPNESS_HEIGHT) * len(rows),
        gaps=(0.75 + legend_height, 0.22, *((1.05, 0.22) * (len(rows) - 1))),
    )
    with style():
        drawing = Drawing(page.figure())
        for position, row in enumerate(rows):
            label = quantity or _sharpness_label(row.traces)
            _draw_row(drawing, page, position, row, label, limits or _sharpness_limits, draw)
        page.legend(drawing.figure, entries)
    return drawing


def _draw_row(
    drawing: Drawing,
    page: Page,
    position: int,
    row: PairRow,
    quantity: str,
    limits: Callable[[Pair], tuple[float, float]],
    draw: DrawPair,
) -> None:
    top = 2 * position
    heading = page.top(top) + 0.32
    page.text(drawing.figure, page.left, heading, row.heading, fontsize=11, weight="bold")
    first: Axes | None = None
    for column, pair in enumerate(row.pairs):
        loss = page.axes(drawing.figure, top, column, sharex=first, sharey=first)
        sharpness = page.axes(drawing.figure, top + 1, column, sharex=loss)
        loss.set_title(pair.title)
        loss.tick_params(labelbottom=False, labelleft=first is None)
        sharpness.set_xlabel("step", labelpad=2)
        if first is None:
            _scale_loss(loss, row.traces)
            sharpness.set_ylabel(quantity)
            first = loss
        sharpness.set_ylim(*limits(pair))
        sharpness.yaxis.set_major_locator(MaxNLocator(4))
        sharpness.ticklabel_format(axis="y", scilimits=(-3, 4), useMathText=True)
        draw(drawing, loss, sharpness, pair)


def _scale_loss(axes: Axes, traces: list[Trace]) -> None:
    use_log_scale(axes)
    axes.set_ylim(*_loss_limits(traces))
    axes.set_xlim(0, last_step(traces))
    axes.set_ylabel("train loss")


def draw_run(
    drawing: Drawing,
    loss: Axes,
    sharpness: Axes,
    trace: Trace,
    color: str,
    quantity: str = "sharpness",
) -> None:
    """One run in both panels, with crosses where it diverged."""
    drawing.plot(loss, trace, "loss", color, faint=trace.batch != FULL_BATCH)
    drawing.plot(sharpness, trace, quantity, color)
    if trace.diverged:
        mark_divergence(loss, trace.loss, color)
        mark_divergence(sharpness, getattr(trace, quantity), color)


def legend_entries(
    traces: list[Trace], colors: dict[str, str], threshold: str = "stability threshold"
) -> list[Line2D]:
    """The lines by colour, the threshold, and the cross if a run diverged."""
    entries = [line_entry(label, color) for label, color in colors.items() if label]
    if any(not trace.threshold.empty for trace in traces):
        entries.append(line_entry(threshold, INK, "--"))
    return [*entries, DIVERGED_ENTRY] if any(trace.diverged for trace in traces) else entries


def _sharpness_label(traces: Iterable[Trace]) -> str:
    if any(trace.preconditioned for trace in traces):
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


def _sharpness_limits(pair: Pair) -> tuple[float, float]:
    """Holds the thresholds and every steady run, but no more than twice the largest threshold."""
    steady = [t.sharpness for t in pair.traces if not t.diverged and len(t.sharpness)]
    threshold = max([0.0, *(t.threshold.max() for t in pair.traces if len(t.threshold))])
    low = min([0.0, *(curve.min() for curve in steady)])
    high = max([0.0, *(curve.max() for curve in steady)])
    if threshold > 0:
        low, high = max(low, -0.5 * threshold), max(1.3 * threshold, min(high, 2 * threshold))
    return low, 1.05 * high if high > 0 else low + 1
