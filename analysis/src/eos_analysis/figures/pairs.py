"""The papers' form: panels of train loss (log), each over a panel of sharpness.

Rows of such pairs, one heading per row and one title per pair; a figure says what stands where.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from eos_analysis.figures.drawing import (
    Drawing,
    diverged_entry,
    last_step,
    line_entry,
    mark_divergence,
)
from eos_analysis.figures.numbers import LARGEST, bounded, tex, use_log_scale, use_plain_scale
from eos_analysis.figures.page import Page, legend_height, wrap
from eos_analysis.figures.selection import columns_for, note, some_rows, spread
from eos_analysis.figures.style import INK
from eos_analysis.labels import FULL_BATCH
from eos_analysis.traces import Trace

LOSS_HEIGHT, SHARPNESS_HEIGHT = 1.05, 1.3
TITLE_LINE, HEADING_LINE = 0.15, 0.18


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
    rates: dict[float, list[Trace]] = {}
    for trace in traces:
        rates.setdefault(trace.learning_rate, []).append(trace)
    pairs = [Pair(rf"$\eta = {tex(rate)}$", own) for rate, own in rates.items()]
    return PairRow(traces[0].optimizer, pairs)


@dataclass(frozen=True)
class Selection:
    """The rows and pairs that a figure has room for."""

    rows: list[PairRow]
    notes: list[str]

    @property
    def traces(self) -> list[Trace]:
        """The runs that are shown."""
        return [trace for row in self.rows for trace in row.traces]


def select(rows: list[PairRow], columns: str) -> Selection:
    """Of too many rows and pairs some from the first to the last; `columns` says what pairs are."""
    shown = some_rows(rows)
    widest, most = max(len(row.pairs) for row in shown), columns_for(len(shown))
    notes = [*note(len(shown), len(rows), "rows"), *note(most, widest, columns)]
    return Selection([PairRow(r.heading, spread(r.pairs, most)) for r in shown], notes)


DrawPair = Callable[[Drawing, Axes, Axes, Pair], None]
"""Draws the runs of a pair into its two panels, whose limits are set."""


def draw_pairs(
    selection: Selection,
    entries: list[Line2D],
    draw: DrawPair,
    quantity: str | None = None,
    limits: Callable[[Pair], tuple[float, float]] | None = None,
) -> Drawing:
    """Lays out the rows under a legend.

    `quantity` names the lower panels where it is not the sharpness, and `limits` are their ends.
    """
    rows, page = _laid_out(selection.rows, entries)
    drawing = Drawing(page.figure(), 2 * len(selection.traces), list(selection.notes))
    for position, row in enumerate(rows):
        label = quantity or _sharpness_label(row.traces)
        _draw_row(drawing, page, position, row, label, limits or _sharpness_limits, draw)
    page.legend(drawing.figure, entries)
    page.notes(drawing.figure, drawing.notes)
    return drawing


def _laid_out(rows: list[PairRow], entries: list[Line2D]) -> tuple[list[PairRow], Page]:
    """The rows with their titles on as many lines as they need, and a page with room for them."""
    columns = max(len(row.pairs) for row in rows)
    width = Page(columns, (), ()).size[0]
    wrapped = [
        PairRow(
            wrap(row.heading, width - 1.0, 11),
            [Pair(wrap(p.title, 2.4, weight="normal"), p.traces) for p in row.pairs],
        )
        for row in rows
    ]
    more = [_extra_height(row) for row in wrapped]
    top = 0.75 + legend_height(entries, width - 0.95)
    gaps = [(gap + m, 0.22) for gap, m in zip([top, *[1.05] * (len(rows) - 1)], more, strict=True)]
    heights = (LOSS_HEIGHT, SHARPNESS_HEIGHT) * len(rows)
    return wrapped, Page(columns, heights, tuple(g for pair in gaps for g in pair))


def _title_height(row: PairRow) -> float:
    """Height of the titles of a row beyond their first line."""
    return TITLE_LINE * max(pair.title.count("\n") for pair in row.pairs)


def _extra_height(row: PairRow) -> float:
    return _title_height(row) + HEADING_LINE * row.heading.count("\n")


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
    page.heading(drawing.figure, top, 0.32 + _title_height(row), row.heading)
    loss_ends, end = loss_limits(row.traces), last_step(row.traces)
    for column, pair in enumerate(row.pairs):
        loss = page.axes(drawing.figure, top, column)
        sharpness = page.axes(drawing.figure, top + 1, column)
        loss.set_title(pair.title)
        loss.set_xlim(0, end)
        sharpness.set_xlim(0, end)
        loss.tick_params(labelbottom=False, labelleft=column == 0)
        sharpness.set_xlabel("step", labelpad=2)
        use_log_scale(loss, *loss_ends, numbers=column == 0)
        if column == 0:
            loss.set_ylabel("train loss")
            sharpness.set_ylabel(quantity)
        sharpness.set_ylim(*limits(pair))
        use_plain_scale(sharpness)
        draw(drawing, loss, sharpness, pair)


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
    return [*entries, diverged_entry()] if any(trace.diverged for trace in traces) else entries


def _sharpness_label(traces: Iterable[Trace]) -> str:
    if any(trace.preconditioned for trace in traces):
        return "preconditioned\nsharpness"
    return "sharpness"


def loss_limits(row: list[Trace]) -> tuple[float, float]:
    """All of every run that stayed bounded, two decades at least; the first rise of others."""
    steady = [trace.loss for trace in row if not trace.diverged] or [
        trace.loss[trace.loss <= 10 * trace.loss.iloc[0]] for trace in row
    ]
    positive = [values[values > 0] for values in (np.asarray(curve) for curve in steady)]
    low = min([np.inf, *(curve.min() for curve in positive if len(curve))])
    high = max([0.0, *(c.max() for c in positive if len(c)), *(t.loss.iloc[0] for t in row)])
    if not np.isfinite(low) or high <= 0:
        return 0.01, 1.5
    high = min(1.5 * high, LARGEST)
    return min(low / 1.5, high / 100), high


def _sharpness_limits(pair: Pair) -> tuple[float, float]:
    """Holds the thresholds and every steady run, but no more than twice the largest threshold."""
    steady = [t.sharpness for t in pair.traces if not t.diverged and len(t.sharpness)]
    threshold = max([0.0, *(t.threshold.max() for t in pair.traces if len(t.threshold))])
    low = min([0.0, *(curve.min() for curve in steady)])
    high = max([0.0, *(curve.max() for curve in steady)])
    if threshold > 0:
        low, high = max(low, -0.5 * threshold), max(1.3 * threshold, min(high, 2 * threshold))
    return bounded(low, 1.05 * min(high, LARGEST) if high > 0 else low + 1)
