"""How close to the threshold the runs stay: one line per optimizer, one dot per step size.

A dot is the median of those ratios of sharpness to threshold that exceed 0.75, as in "The Road
Taken" (Lee and Lee); it is hollow where they are few. A run that never exceeds 0.75 has no plateau
and no dot; an arrow points at dots beyond the right end.
"""

import numpy as np
from matplotlib.axes import Axes

from eos_analysis.figures.drawing import Drawing, FigureError, identity, rate_colors
from eos_analysis.figures.numbers import tex
from eos_analysis.figures.page import Page, text_width, wrap
from eos_analysis.figures.rows import rows_by_heading
from eos_analysis.figures.selection import note, spread
from eos_analysis.figures.style import INK, style
from eos_analysis.traces import Trace

ABOVE = 0.75
"""Ratios below do not count as being at the edge."""

FEW = 0.1
"""Fraction of the measurements above 0.75 under which a run hardly stays at the edge."""

LIMITS = (0.7, 1.7)

MOST_LINES = 120
"""Lines of a figure: about 36 inches."""

LABEL_WIDTH = 4.0
"""Inches beside the panel for the names of lines; longer ones are broken."""


def plateau(trace: Trace) -> float:
    """Median of the ratios above 0.75, recorded or else computed; NaN if there are none."""
    if np.isfinite(trace.recorded_plateau):
        return trace.recorded_plateau
    return float(trace.ratio.loc[trace.ratio > ABOVE].median())


@style()
def plateaus_figure(traces: list[Trace]) -> Drawing:
    """Draws the runs that did not diverge, colours from small to large step size."""
    known = [trace for trace in traces if not trace.ratio.empty and not trace.diverged]
    if not known:
        raise FigureError(
            "no run without divergence has measured the sharpness that its threshold is for."
        )
    found = rows_by_heading(known, lambda key: key != "seed")
    headings = spread(list(found), MOST_LINES)
    lines = {wrap(heading, LABEL_WIDTH, 8, "normal"): found[heading] for heading in headings}
    height = max(0.3, 0.05 + 0.14 * max(heading.count("\n") + 1 for heading in lines))
    page = Page(
        columns=1,
        heights=(height * len(lines),),
        gaps=(0.3,),
        width=3.6,
        left=max(0.9, 0.2 + max(text_width(heading, 8) for heading in lines)),
        right=1.7,
    )
    colors = rate_colors([trace for line in lines.values() for trace in line])
    drawing = Drawing(page.figure(), notes=note(len(lines), len(found), "lines"))
    page.notes(drawing.figure, drawing.notes)
    axes = page.axes(drawing.figure, 0, 0)
    axes.set(xlim=LIMITS, ylim=(len(lines) - 0.5, -0.5))
    axes.set_xlabel("median of sharpness / threshold, where above 0.75")
    axes.set_yticks(range(len(lines)), list(lines))
    axes.tick_params(axis="y", length=0)
    axes.axvline(1, color=INK, linestyle="--", linewidth=0.9)
    for position, line in enumerate(lines.values()):
        axes.axhline(position, color="#dddddd", linewidth=0.6, zorder=0)
        _draw_dots(drawing, axes, position, line, colors)
        rates = sorted({trace.learning_rate for trace in line})
        text = rf"$\eta = {tex(rates[0])}$"
        if len(rates) > 1:
            text = rf"$\eta = {tex(rates[0])} \ldots {tex(rates[-1])}$"
        axes.annotate(
            text,
            (1, position),
            xycoords=("axes fraction", "data"),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
        )
    return drawing


def _draw_dots(
    drawing: Drawing,
    axes: Axes,
    position: int,
    line: list[Trace],
    colors: dict[tuple[str, float], str],
) -> None:
    """The dots of a line, those of a kind at once."""
    kinds: dict[tuple[str, str, str], list[float]] = {}
    for trace in line:
        value, share = plateau(trace), float((trace.ratio > ABOVE).mean())
        color = colors[trace.optimizer, trace.learning_rate]
        marker = ">" if value > LIMITS[1] else "o"
        kind = (color, color if share >= FEW else "white", marker)
        kinds.setdefault(kind, []).append(min(value, LIMITS[1]))
        table = {"value": [value], "share": [share]}
        drawing.keep(table, **identity(trace), quantity="plateau_ratio")
    for (edge, face, marker), values in kinds.items():
        places = [position] * len(values)
        axes.plot(values, places, marker, ms=6, mec=edge, mfc=face, clip_on=False)
