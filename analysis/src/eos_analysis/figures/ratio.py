"""Sharpness divided by its stability threshold: every plateau sits at 1."""

from eos_analysis.figures.drawing import (
    Drawing,
    FigureError,
    last_step,
    mark_divergence,
    rate_colors,
    rate_legend,
)
from eos_analysis.figures.numbers import LARGEST
from eos_analysis.figures.page import Page, wrap
from eos_analysis.figures.plateaus import ABOVE, plateau
from eos_analysis.figures.rows import rows_by_heading
from eos_analysis.figures.selection import MOST_COLUMNS, MOST_PANELS, note, spread
from eos_analysis.figures.style import style
from eos_analysis.figures.thresholds import RATIO_TOP, draw_ratio_threshold
from eos_analysis.traces import Trace, unique

PER_LINE = 4
"""Panels side by side where batch sizes need no rows of their own."""

MOST_BATCHES = 12
"""Batch sizes, so rows, of a figure."""

FEWEST = 10
"""Ratios at the edge of which a plateau is one that the panel must show."""


@style()
def ratio_figure(traces: list[Trace]) -> Drawing:
    """One panel per optimizer and batch size, colours from small to large step size.

    Columns are optimizers, with the other settings in which runs differ, and rows are batch sizes;
    with one batch size, optimizers are laid out line by line.
    """
    known = [trace for trace in traces if not trace.ratio.empty]
    if not known:
        raise FigureError("no run has measured the sharpness that its stability threshold is for.")
    headed = rows_by_heading(known, lambda key: key not in ("batch_size", "seed"))
    all_batches = unique(trace.batch for trace in sorted(known, key=lambda trace: trace.order[3:]))
    batches = spread(all_batches, MOST_BATCHES)
    wrapped = len(batches) == 1
    most = MOST_PANELS // 2 if wrapped else min(MOST_COLUMNS, MOST_PANELS // len(batches))
    headings = {heading: wrap(heading, 2.2) for heading in spread(list(headed), most)}
    optimizers = [headed[heading] for heading in headings]
    shown = [t for own in optimizers for t in own if t.batch in batches]
    notes = note(len(headings), len(headed), "optimizers")
    notes += note(len(batches), len(all_batches), "batch sizes")
    lines = -(-len(optimizers) // PER_LINE) if wrapped else len(batches)
    more = 0.15 * max(title.count("\n") + 1 for title in headings.values())
    page = Page(
        columns=min(len(optimizers), PER_LINE) if wrapped else len(optimizers),
        heights=(1.6,) * lines,
        gaps=(0.2 + more, *(0.65 + more if wrapped else 0.45,) * (lines - 1)),
        between=0.3,
        right=0.2,
    )
    colors = rate_colors(shown)
    drawing = Drawing(page.figure(), len(shown), notes)
    page.notes(drawing.figure, notes)
    for position, (title, own) in enumerate(zip(headings.values(), optimizers, strict=True)):
        drawn = [batch for batch in batches if any(t.batch == batch for t in own)]
        for batch in drawn:
            line, column = divmod(position, PER_LINE)
            place = (line, column) if wrapped else (batches.index(batch), position)
            ends = (batch == drawn[0], batch == drawn[-1])
            name = "" if wrapped else batch
            runs = [trace for trace in own if trace.batch == batch]
            _draw_panel(drawing, page, place, runs, (title, name), ends, colors)
    return drawing


def _draw_panel(
    drawing: Drawing,
    page: Page,
    place: tuple[int, int],
    runs: list[Trace],
    names: tuple[str, str],
    ends: tuple[bool, bool],
    colors: dict[tuple[str, float], str],
) -> None:
    axes = page.axes(drawing.figure, *place)
    title, name = names
    axes.set_ylim(0, _top(runs))
    axes.set_xlim(0, last_step(runs))
    axes.tick_params(labelleft=place[1] == 0 or axes.get_ylim()[1] > RATIO_TOP)
    draw_ratio_threshold(axes)
    for trace in runs:
        color = colors[trace.optimizer, trace.learning_rate]
        drawing.plot(axes, trace, "ratio", color)
        if trace.diverged:
            mark_divergence(axes, trace.ratio, color)
    label = axes.text(0.06, 0.97, name, transform=axes.transAxes, va="top", zorder=6)
    label.set_bbox({"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1})
    first, last = ends
    if first:
        axes.set_title(title, weight="bold")
        rate_legend(axes, runs, colors)
    if last:
        axes.set_xlabel("step", labelpad=2)
    if place[1] == 0:
        axes.set_ylabel("sharpness / threshold")


def _top(runs: list[Trace]) -> float:
    """Where a panel ends: above the plateaus, also those far above the threshold."""
    known = [t for t in runs if not t.diverged and (t.ratio > ABOVE).sum() >= FEWEST]
    return min(max([RATIO_TOP, *(1.3 * plateau(trace) for trace in known)]), LARGEST)
