"""The layout of a figure, in inches: a grid of panels under a legend."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from eos_analysis.figures.selection import spread
from eos_analysis.figures.style import INK

Entry = Line2D | Patch
"""What a legend shows beside a label."""

MOST_ENTRIES = 40
"""Entries of a legend; of more, some are shown."""

LEGEND_LINE = 0.2
"""Height of a line of the legend."""

HANDLE = 0.5
"""Width of the line beside a label, and of the space around both."""


@dataclass(frozen=True)
class Page:
    """A grid of panels with sizes in inches, so that panels are alike on every page."""

    columns: int
    heights: tuple[float, ...]
    """Height of each row of panels, from the top."""
    gaps: tuple[float, ...]
    """Space above each row, from the top."""
    width: float = 2.1
    left: float = 0.95
    between: float = 0.68
    right: float = 0.45
    bottom: float = 0.62

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the page."""
        inner = self.columns * self.width + (self.columns - 1) * self.between
        return self.left + inner + self.right, sum(self.heights) + sum(self.gaps) + self.bottom

    def figure(self) -> Figure:
        """An empty page, with a canvas that needs no screen."""
        figure = Figure(figsize=self.size)
        FigureCanvasAgg(figure)
        return figure

    def x(self, column: int) -> float:
        """Left edge of a column, in inches."""
        return self.left + column * (self.width + self.between)

    def top(self, row: int) -> float:
        """Upper edge of a row, in inches from the bottom."""
        return self.size[1] - sum(self.gaps[: row + 1]) - sum(self.heights[:row])

    def axes(self, figure: Figure, row: int, column: int) -> Axes:
        """Adds the panel of a row and a column."""
        width, height = self.size
        left, low = self.x(column) / width, (self.top(row) - self.heights[row]) / height
        axes = figure.add_axes((left, low, self.width / width, self.heights[row] / height))
        axes.yaxis.set_label_coords(-0.42 / self.width, 0.5)
        axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        return axes

    def heading(self, figure: Figure, row: int, above: float, text: str) -> None:
        """Writes over a row, on as many lines as `wrap_heading` has made."""
        self.text(figure, self.left, self.top(row) + above, text, fontsize=11, weight="bold")

    def notes(self, figure: Figure, notes: Sequence[str]) -> None:
        """Writes what is not shown, small at the bottom."""
        if notes:
            self.text(figure, 0.12, 0.07, "; ".join(notes), fontsize=7, style="italic")

    def text(self, figure: Figure, x: float, y: float, text: str, **kwargs: str | float) -> None:
        """Writes at a place given in inches."""
        figure.text(x / self.size[0], y / self.size[1], text, **kwargs)  # pyright: ignore

    def legend(self, figure: Figure, entries: Sequence[Entry]) -> None:
        """The legend at the top of the page, on as many lines as it needs."""
        entries = some_entries(entries)
        figure.legend(
            handles=entries,
            loc="upper left",
            bbox_to_anchor=((self.left - 0.1) / self.size[0], 1 - 0.06 / self.size[1]),
            ncols=entries_per_line(entries, self.size[0] - self.left),
            borderaxespad=0,
            columnspacing=1.6,
            handlelength=1.6,
        )


def some_entries(entries: Sequence[Entry], most: int = MOST_ENTRIES) -> list[Entry]:
    """All entries, or some from the first to the last where they are too many."""
    shown = spread(list(entries), most)
    if len(shown) < len(entries):
        left_out = f"… {len(entries)} lines in all"
        shown.append(Line2D([], [], color=INK, linestyle="none", label=left_out))
    return shown


def legend_height(entries: Sequence[Entry], width: float) -> float:
    """Height of a legend that is as wide as this at most."""
    shown = some_entries(entries)
    lines = max([1, *(str(entry.get_label()).count("\n") + 1 for entry in shown)])
    return LEGEND_LINE * lines * -(-len(shown) // entries_per_line(shown, width))


def entries_per_line(entries: Sequence[Entry], width: float) -> int:
    """How many entries fit side by side: a column is as wide as its widest entry."""
    widths = [HANDLE + text_width(str(entry.get_label()), 9) for entry in entries]
    for count in range(len(widths), 1, -1):
        if sum(column.max() for column in np.array_split(widths, count)) <= width:
            return count
    return 1


@lru_cache(maxsize=4096)
def text_width(text: str, size: float, weight: str = "normal") -> float:
    """Width of a text in inches, that of its widest line."""
    renderer = FigureCanvasAgg(Figure(dpi=72)).get_renderer()
    font = FontProperties(family="STIXGeneral", size=size, weight=weight)
    lines = [line for line in text.split("\n") if line]
    widths = [
        renderer.get_text_width_height_descent(line, font, "$" in line.replace(r"\$", ""))[0]
        for line in lines
    ]
    return float(np.max([0.0, *widths])) / 72


def wrap(text: str, width: float, size: float = 9.5, weight: str = "bold") -> str:
    """A text on lines of at most so many inches, broken after commas."""
    lines = [""]
    for part in text.split(", "):
        longer = f"{lines[-1]}, {part}" if lines[-1] else part
        if lines[-1] and text_width(longer, size, weight) > width:
            lines[-1] += ","
            lines.append(part)
        else:
            lines[-1] = longer
    return "\n".join(lines)
