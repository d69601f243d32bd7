"""Maps of step size by batch size: final loss, largest sharpness, first crossing.

One row per optimizer and three columns; numbers in the cells, hatched where a run diverged. Of
several seeds the median counts.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm, Normalize
from matplotlib.patches import Patch, Rectangle

from eos_analysis.figures.drawing import Drawing, FigureError
from eos_analysis.figures.numbers import tex
from eos_analysis.figures.page import Page, text_width, wrap
from eos_analysis.figures.pairs import HEADING_LINE
from eos_analysis.figures.rows import rows_by_heading
from eos_analysis.figures.selection import note, some_rows, spread
from eos_analysis.figures.style import INK, style
from eos_analysis.traces import Trace, unique

CELL = 0.52
"""Width of a cell in inches, at least."""

MOST_RATES, MOST_BATCHES = 24, 16
"""Cells side by side and over one another."""

LAST = 0.05
"""The final loss is the median over this fraction of the steps, the last ones."""

QUANTITIES = {
    "final_loss": "final train loss",
    "peak_sharpness": "largest sharpness",
    "first_crossing": "first step at the threshold",
}


@dataclass(frozen=True)
class Cell:
    """What the runs of a step size and a batch size came to."""

    learning_rate: float
    batch: str
    diverged: int
    values: dict[str, float]
    compared: bool
    """Whether a run that did not diverge was held against its threshold."""

    def text(self, quantity: str) -> str:
        """The value, or 'never' for a threshold that was not reached; else nothing is known."""
        if np.isfinite(self.values[quantity]):
            return _number(self.values[quantity])
        below = quantity == "first_crossing" and self.compared and not self.diverged
        return "never" if below else ""


@style()
def heatmap_figure(traces: list[Trace]) -> Drawing:
    """Draws optimizers that ran with several step sizes and several batch sizes."""
    headed = rows_by_heading(traces, lambda key: key not in ("batch_size", "seed"))
    grids = {
        heading: own
        for heading, own in headed.items()
        if len(_rates(own)) > 1 and len(_batches(own)) > 1
    }
    if not grids:
        raise FigureError("it needs an optimizer with several step sizes and several batch sizes.")
    shown = {heading: _some(grids[heading]) for heading in some_rows(list(grids))}
    cell = max(
        [
            CELL,
            *(
                0.1 + text_width(_rate_label(t.learning_rate), 8)
                for row in shown.values()
                for t in row
            ),
        ]
    )
    width = max(cell * max(len(_rates(row)) for row in shown.values()), 1.5)
    rows = {wrap(heading, 3 * width, 11): row for heading, row in shown.items()}
    more = [HEADING_LINE * heading.count("\n") for heading in rows]
    page = Page(
        columns=len(QUANTITIES),
        heights=tuple(0.36 * len(_batches(row)) for row in rows.values()),
        gaps=tuple(g + m for g, m in zip([0.87, *[1.22] * (len(rows) - 1)], more, strict=True)),
        width=width,
        left=max(0.95, 0.2 + max(text_width(b, 8) for row in rows.values() for b in _batches(row))),
        between=0.35,
        right=0.2,
    )
    drawing = Drawing(page.figure(), notes=_notes(grids, list(rows.values())))
    page.notes(drawing.figure, drawing.notes)
    for position, (heading, row) in enumerate(rows.items()):
        _draw_row(drawing, page, position, heading, row)
    if any(trace.diverged for row in rows.values() for trace in row):
        hatched = Patch(facecolor="none", edgecolor=INK, hatch="////", label="diverged")
        page.legend(drawing.figure, [hatched])
    return drawing


def _some(row: list[Trace]) -> list[Trace]:
    """The runs of a row at as many step sizes and batch sizes as a map can have."""
    rates, batches = spread(_rates(row), MOST_RATES), spread(_batches(row), MOST_BATCHES)
    return [t for t in row if t.learning_rate in rates and t.batch in batches]


def _notes(grids: dict[str, list[Trace]], shown: list[list[Trace]]) -> list[str]:
    """What of the grids is not shown."""
    return [
        *note(len(shown), len(grids), "rows"),
        *note(_most(_rates, shown), _most(_rates, grids.values()), "step sizes"),
        *note(_most(_batches, shown), _most(_batches, grids.values()), "batch sizes"),
    ]


def _most(values: Callable[[list[Trace]], list[Any]], rows: Iterable[list[Trace]]) -> int:
    """How many values the row with the most has."""
    return max(len(values(row)) for row in rows)


def _draw_row(drawing: Drawing, page: Page, position: int, heading: str, row: list[Trace]) -> None:
    page.heading(drawing.figure, position, 0.42, heading)
    rates, batches = _rates(row), _batches(row)
    runs: dict[tuple[float, str], list[Trace]] = {}
    for trace in row:
        runs.setdefault((trace.learning_rate, trace.batch), []).append(trace)
    cells = [
        _cell(runs[rate, batch]) for rate in rates for batch in batches if (rate, batch) in runs
    ]
    for column, quantity in enumerate(QUANTITIES):
        axes = page.axes(drawing.figure, position, column)
        axes.set(xlim=(0, len(rates)), ylim=(0, len(batches)))
        axes.set_xticks(np.arange(len(rates)) + 0.5, [_rate_label(rate) for rate in rates])
        axes.set_yticks(np.arange(len(batches)) + 0.5, batches if column == 0 else [])
        axes.tick_params(length=0)
        axes.spines[:].set_visible(False)
        axes.set_xlabel(r"$\eta$", labelpad=2)
        axes.set_title(_title(quantity, row))
        _draw_cells(axes, quantity, cells, rates, batches)
    for cell in cells:
        drawing.keep(
            {name: [value] for name, value in {"diverged": cell.diverged, **cell.values}.items()},
            optimizer=heading.replace("\n", " "),
            learning_rate=cell.learning_rate,
            batch=cell.batch,
        )


def _title(quantity: str, row: list[Trace]) -> str:
    if quantity == "peak_sharpness" and any(trace.preconditioned for trace in row):
        return "largest preconditioned\nsharpness"
    return QUANTITIES[quantity]


def _draw_cells(
    axes: Axes, quantity: str, cells: list[Cell], rates: list[float], batches: list[str]
) -> None:
    values = np.array([cell.values[quantity] for cell in cells])
    scale = _scale(values[np.isfinite(values)], logarithmic=quantity != "first_crossing")
    for cell, value in zip(cells, values, strict=True):
        place = (rates.index(cell.learning_rate), batches.index(cell.batch))
        known = np.isfinite(value)
        shade = 0.95 - 0.8 * float(scale(value)) if known else 1.0
        color = colormaps["viridis"](shade) if known else "#f4f4f4"
        hatch = "////" if cell.diverged else None
        axes.add_patch(Rectangle(place, 1, 1, facecolor=color, edgecolor="white", linewidth=1.5))
        if hatch:
            axes.add_patch(
                Rectangle(place, 1, 1, facecolor="none", edgecolor="#999999", hatch=hatch, lw=0)
            )
        axes.text(
            place[0] + 0.5,
            place[1] + 0.5,
            cell.text(quantity),
            ha="center",
            va="center",
            fontsize=7.5,
            color="white" if known and shade < 0.55 else INK,
        )


def _rate_label(rate: float) -> str:
    return f"${tex(rate)}$"


def _number(value: float) -> str:
    if 0 < abs(value) < 1e-2:
        return f"{value:.2g}"
    return f"{value:,.0f}" if 1000 <= value < 1e6 else f"{value:.3g}"


def _scale(values: np.ndarray, logarithmic: bool) -> Normalize:
    low, high = (values.min(), values.max()) if values.size else (1.0, 1.0)
    if low == high:
        low, high = low - 0.1 * abs(low), high + 0.1 * abs(high) + 1e-300
    return LogNorm(low, high) if logarithmic and low > 0 else Normalize(low, high)


def _cell(runs: list[Trace]) -> Cell:
    steady = [trace for trace in runs if not trace.diverged]
    return Cell(
        learning_rate=runs[0].learning_rate,
        batch=runs[0].batch,
        diverged=len(runs) - len(steady),
        values={
            "final_loss": _median([_final(trace.loss) for trace in steady]),
            "peak_sharpness": _median([trace.sharpness.max() for trace in steady]),
            "first_crossing": _median([trace.first_crossing for trace in steady]),
        },
        compared=any(not trace.ratio.empty for trace in steady),
    )


def _final(loss: pd.Series) -> float:
    return float(loss.iloc[-max(1, round(LAST * len(loss))) :].median())


def _median(values: list[float]) -> float:
    """The median of those that are numbers, if at least half of them are."""
    known = [value for value in values if np.isfinite(value)]
    return float(np.median(known)) if 2 * len(known) >= max(1, len(values)) else np.nan


def _rates(row: list[Trace]) -> list[float]:
    return sorted({trace.learning_rate for trace in row})


def _batches(row: list[Trace]) -> list[str]:
    """From small to full batches; a row begins with full ones."""
    return list(reversed(unique(trace.batch for trace in row)))
