"""What the figures share: curves and the numbers in them, colours, marks."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from eos_analysis.curves import decimate
from eos_analysis.errors import FigureError
from eos_analysis.figures.numbers import tex
from eos_analysis.figures.page import Page
from eos_analysis.figures.selection import spread
from eos_analysis.figures.style import INK, style
from eos_analysis.texts import plain
from eos_analysis.traces import Trace

__all__ = ["INK", "Drawing", "FigureError", "Page", "style", "tex"]

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#666666")
"""Okabe and Ito's colours, told apart with every common colour blindness."""

MOST_POINTS = 160_000
"""Points of all curves of a figure, about; curves are thinned to it, but never below `FEWEST`."""

FEWEST_BUCKETS, MOST_BUCKETS = 25, 500

MANY = 40
"""Runs of a panel above which its legend has a fixed place: to look for a free one takes long."""


@dataclass
class Drawing:
    """A figure and the numbers in it."""

    figure: Figure
    curves: int = 1
    """How many curves it will hold, about: the more, the fewer points each has."""
    notes: list[str] = field(default_factory=list)
    """What is not shown, and why."""
    pieces: list[tuple[dict[str, Any], dict[str, Any], int]] = field(default_factory=list)
    """Constants, columns and length of each piece of the table."""

    @property
    def buckets(self) -> int:
        """Into how many parts a curve is cut, of which the ends stay."""
        return int(np.clip(MOST_POINTS // (2 * self.curves), FEWEST_BUCKETS, MOST_BUCKETS))

    @property
    def data(self) -> pd.DataFrame:
        """One row per plotted point; of a curve: quantity, step, value, threshold."""
        lengths = [length for _, _, length in self.pieces]
        front = dict.fromkeys(key for constants, _, _ in self.pieces for key in constants)
        back = dict.fromkeys(key for _, columns, _ in self.pieces for key in columns)
        table: dict[str, Any] = {}
        for key in front:
            values = pd.Series([constants.get(key) for constants, _, _ in self.pieces])
            table[key] = values.repeat(lengths).to_numpy()
        for key in back:
            parts = [
                np.asarray(columns[key]) if key in columns else np.full(length, np.nan)
                for _, columns, length in self.pieces
            ]
            table[key] = np.concatenate(parts)
        return pd.DataFrame(table)

    def keep(self, columns: dict[str, Any], **constants: str | float) -> None:
        """Keeps plotted numbers, and constants that say what they belong to."""
        texts = {k: plain(v) if isinstance(v, str) else v for k, v in constants.items()}
        self.pieces.append((texts, columns, len(next(iter(columns.values())))))

    def plot(
        self, axes: Axes, trace: Trace, quantity: str, color: str, faint: bool = False
    ) -> None:
        """Draws one curve of a run, or a noisy one faintly, and keeps its numbers."""
        curve = decimate(getattr(trace, quantity), self.buckets)
        steps, values = curve.index.to_numpy(), curve.to_numpy()
        line = Line2D(steps, values, color=color, solid_joinstyle="round")
        if faint:
            line.set(linewidth=0.5, alpha=0.5)
        axes.add_line(line)
        threshold = np.full(len(curve), np.nan)
        if quantity != "loss":
            threshold = trace.threshold.reindex(curve.index).to_numpy()
        columns = {"step": steps, "value": values, "threshold": threshold}
        self.keep(columns, **identity(trace), quantity=quantity)


def identity(trace: Trace) -> dict[str, str | float]:
    """The columns by which plotted numbers name their run."""
    return {
        "run": trace.run,
        "optimizer": trace.optimizer,
        "learning_rate": trace.learning_rate,
        "label": trace.label,
    }


def last_step(traces: list[Trace]) -> int:
    """Where the axis of steps ends."""
    return max(int(trace.loss.index[-1]) for trace in traces) + 1


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
    rates: dict[str, set[float]] = {}
    for trace in traces:
        rates.setdefault(trace.optimizer, set()).add(trace.learning_rate)
    found: dict[tuple[str, float], str] = {}
    for optimizer, own in rates.items():
        keys = [(optimizer, rate) for rate in sorted(own)]
        found |= dict(zip(keys, shades(len(keys)), strict=True))
    return found


def rate_legend(axes: Axes, traces: list[Trace], colors: dict[tuple[str, float], str]) -> None:
    """Names the step sizes of runs of one optimizer in a corner of a panel; of many, some."""
    keys = sorted({(trace.optimizer, trace.learning_rate) for trace in traces})
    keys = keys if len(keys) <= 6 else spread(keys, 4)
    axes.legend(
        handles=[line_entry(rf"$\eta={tex(key[1])}$", colors[key]) for key in keys],
        loc="best" if len(traces) <= MANY else "upper right",
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


def diverged_entry() -> Line2D:
    """The cross for the legend."""
    return Line2D([], [], color=INK, marker="x", ms=6, mew=1.6, ls="", label="diverged")
