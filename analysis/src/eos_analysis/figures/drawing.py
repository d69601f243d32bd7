"""What the figures share: page layout in inches, colours, number labels, marks, plotted data."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import floor, log10
from typing import Literal

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import LogFormatterSciNotation, MaxNLocator

from eos_analysis.sweep import SweepFileError
from eos_analysis.traces import Trace, decimate

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#666666")
"""Okabe and Ito's colours, told apart with every common colour blindness."""

INK = "#333333"

STYLE = {
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "axes.labelsize": 9,
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 9.5,
    "font.family": "STIXGeneral",
    "font.size": 9,
    "legend.fontsize": 9,
    "legend.frameon": False,
    "lines.linewidth": 0.9,
    "mathtext.fontset": "stix",
    "pdf.fonttype": 42,
    "text.color": INK,
    "xtick.color": INK,
    "xtick.labelsize": 8,
    "ytick.color": INK,
    "ytick.labelsize": 8,
}


@contextmanager
def style() -> Iterator[None]:
    """Figures made and saved inside look alike, whatever the user's matplotlib settings."""
    with mpl.rc_context(STYLE):  # pyright: ignore[reportArgumentType]
        yield


class FigureError(SweepFileError):
    """The sweep lacks what a figure needs; the message says what."""


@dataclass
class Drawing:
    """A figure and the numbers in it."""

    figure: Figure
    pieces: list[pd.DataFrame] = field(default_factory=list)

    @property
    def data(self) -> pd.DataFrame:
        """One row per plotted point; of a curve: quantity, step, value, threshold."""
        return pd.concat(self.pieces, ignore_index=True)

    def keep(self, table: pd.DataFrame, **constants: str | float) -> None:
        """Keeps plotted numbers, with columns in front that say what they belong to."""
        front = pd.DataFrame({name: value for name, value in constants.items()}, table.index)
        self.pieces.append(pd.concat([front, table], axis=1))

    def plot(
        self, axes: Axes, trace: Trace, quantity: str, color: str, faint: bool = False
    ) -> None:
        """Draws one curve of a run, or a noisy one faintly, and keeps its numbers."""
        curve = decimate(getattr(trace, quantity))
        [line] = axes.plot(curve.index, curve.to_numpy(), color=color, solid_joinstyle="round")
        if faint:
            line.set(linewidth=0.5, alpha=0.5)
        threshold = trace.threshold.reindex(curve.index) if quantity != "loss" else np.nan
        self.keep(
            pd.DataFrame(
                {"step": curve.index, "value": curve, "threshold": threshold}, index=curve.index
            ),
            **identity(trace),
            quantity=quantity,
        )


def identity(trace: Trace) -> dict[str, str | float]:
    """The columns by which plotted numbers name their run."""
    return {
        "run": trace.run,
        "optimizer": trace.optimizer,
        "learning_rate": trace.learning_rate,
        "label": trace.label,
    }


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
    bottom: float = 0.5

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the page."""
        inner = self.columns * self.width + (self.columns - 1) * self.between
        return self.left + inner + self.right, sum(self.heights) + sum(self.gaps) + self.bottom

    def figure(self) -> Figure:
        """An empty page."""
        return Figure(figsize=self.size)

    def x(self, column: int) -> float:
        """Left edge of a column, in inches."""
        return self.left + column * (self.width + self.between)

    def top(self, row: int) -> float:
        """Upper edge of a row, in inches from the bottom."""
        return self.size[1] - sum(self.gaps[: row + 1]) - sum(self.heights[:row])

    def axes(
        self,
        figure: Figure,
        row: int,
        column: int,
        sharex: Axes | None = None,
        sharey: Axes | None = None,
    ) -> Axes:
        """Adds the panel of a row and a column."""
        width, height = self.size
        left, low = self.x(column) / width, (self.top(row) - self.heights[row]) / height
        axes = figure.add_axes(
            (left, low, self.width / width, self.heights[row] / height),
            sharex=sharex,
            sharey=sharey,
        )
        axes.yaxis.set_label_coords(-0.42 / self.width, 0.5)
        axes.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        return axes

    def text(self, figure: Figure, x: float, y: float, text: str, **kwargs: str | float) -> None:
        """Writes at a place given in inches."""
        figure.text(x / self.size[0], y / self.size[1], text, **kwargs)  # pyright: ignore

    def legend(self, figure: Figure, entries: Sequence[Artist]) -> None:
        """The legend at the top of the page, on as many lines as it needs."""
        figure.legend(
            handles=list(entries),
            loc="upper left",
            bbox_to_anchor=((self.left - 0.1) / self.size[0], 1 - 0.06 / self.size[1]),
            ncols=entries_per_line(self.columns),
            borderaxespad=0,
            columnspacing=1.6,
            handlelength=1.6,
        )


def entries_per_line(columns: int) -> int:
    """How many legend entries fit side by side above so many columns."""
    return 2 * columns - 1 if columns > 1 else 2


def last_step(traces: list[Trace]) -> int:
    """Where the axis of steps ends."""
    return max(int(trace.loss.index[-1]) for trace in traces) + 1


def use_log_scale(axes: Axes) -> None:
    """Powers of ten along y; numbers between them where there is one power at most."""
    axes.set_yscale("log")
    between = LogFormatterSciNotation(labelOnlyBase=False, minor_thresholds=(1, 0.4))
    axes.yaxis.set_minor_formatter(between)
    axes.tick_params(axis="y", which="minor", labelsize=6.5)


def tex(value: float) -> str:
    """A number in TeX: 0.02, 10^{-3}, 3 \\times 10^{-4}."""
    if value == 0 or 1e-2 <= abs(value) < 1e4:
        return f"{value:.4g}"
    exponent = floor(log10(abs(value)))
    mantissa = f"{value / 10**exponent:.3g}"
    power = f"10^{{{exponent}}}"
    return power if mantissa == "1" else rf"{mantissa}\times {power}"


def wrap(heading: str, width: int = 26) -> str:
    """A heading on as many lines as it needs above a panel, broken after commas."""
    lines = [""]
    for part in heading.split(", "):
        longer = f"{lines[-1]}, {part}" if lines[-1] else part
        if lines[-1] and len(re.sub(r"\\[a-z]+|[${}_]", "", longer)) > width:
            lines[-1] += ","
            lines.append(part)
        else:
            lines[-1] = longer
    return "\n".join(lines)


def line_colors(labels: Sequence[str]) -> dict[str, str]:
    """A colour per label: the palette, or as many shades as needed where it is too small."""
    if len(labels) > len(PALETTE):
        return dict(zip(labels, shades(len(labels)), strict=True))
    return dict(zip(labels, PALETTE, strict=False))


def shades(count: int) -> list[str]:
    """Colours from light to dark that stay in order when printed in grey."""
    return [to_hex(colormaps["viridis_r"](0.2 + 0.75 * x)) for x in np.linspace(0, 1, count)]


def rate_colors(traces: list[Trace]) -> dict[tuple[str, float], str]:
    """A shade per optimizer and step size, from small to large step size."""
    found: dict[tuple[str, float], str] = {}
    for optimizer in {trace.optimizer for trace in traces}:
        rates = sorted({t.learning_rate for t in traces if t.optimizer == optimizer})
        keys = [(optimizer, rate) for rate in rates]
        found |= dict(zip(keys, shades(len(keys)), strict=True))
    return found


def rate_legend(axes: Axes, traces: list[Trace], colors: dict[tuple[str, float], str]) -> None:
    """Names the step sizes of runs of one optimizer in a corner of a panel."""
    keys = sorted({(trace.optimizer, trace.learning_rate) for trace in traces})
    axes.legend(
        handles=[line_entry(rf"$\eta={tex(key[1])}$", colors[key]) for key in keys],
        loc="best",
        fontsize=8,
        handlelength=1.2,
        labelspacing=0.2,
        borderaxespad=0.1,
        frameon=True,
        framealpha=0.85,
        edgecolor="none",
    )


def mark_divergence(axes: Axes, curve: pd.Series, color: str) -> None:
    """A cross where a diverged run ends, at the edge of the panel if it ends outside."""
    if curve.empty:
        return
    low, high = axes.get_ylim()
    end = float(np.clip(curve.iloc[-1], low, high))
    axes.plot([curve.index[-1]], [end], "x", color=color, ms=6, mew=1.6, clip_on=False, zorder=5)


def line_entry(label: str, color: str, linestyle: Literal["-", "--"] = "-") -> Line2D:
    """A line for the legend."""
    return Line2D([], [], color=color, linestyle=linestyle, label=label)


DIVERGED_ENTRY = Line2D([], [], color=INK, marker="x", ms=6, mew=1.6, ls="", label="diverged")
