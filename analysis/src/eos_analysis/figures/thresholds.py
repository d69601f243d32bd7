"""Stability thresholds in panels: of the sharpness, and of the ratio to them, where they are 1."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from eos_analysis.curves import decimate
from eos_analysis.figures.style import INK
from eos_analysis.traces import Trace

RATIO_TOP = 2.0
"""Upper end of ratios; adaptive optimizers start many times above their threshold."""

MOST = 24
"""Thresholds of a panel that are drawn: more would cover the curves."""


def draw_ratio_threshold(axes: Axes) -> None:
    """A dashed line at 1."""
    axes.axhline(1, color=INK, linestyle="--", linewidth=0.9, zorder=4)


def draw_thresholds(axes: Axes, traces: list[Trace], color: Callable[[Trace], str]) -> None:
    """Every threshold of a panel with its formula, in the runs' colours if there are several."""
    distinct = _distinct(traces)
    for trace in distinct:
        own = INK if len(distinct) == 1 else color(trace)
        draw_threshold(axes, trace.threshold, trace.edge, own)


def _distinct(traces: list[Trace]) -> list[Trace]:
    """One run per threshold: runs of a panel differ in it only if their schedules do."""
    found: list[Trace] = []
    for trace in sorted(traces, key=lambda trace: -len(trace.threshold)):
        if len(found) == MOST:
            break
        known = trace.threshold.empty or any(_agree(trace, other) for other in found)
        found += [] if known else [trace]
    return found


def _agree(one: Trace, other: Trace) -> bool:
    """Whether the thresholds are the same for as long as both runs last."""
    common = min(len(one.threshold), len(other.threshold))
    a, b = one.threshold.iloc[:common], other.threshold.iloc[:common]
    if not a.index.equals(b.index):
        steps = one.threshold.index.intersection(other.threshold.index)
        a, b = one.threshold.reindex(steps), other.threshold.reindex(steps)
    return np.array_equal(a.to_numpy(), b.to_numpy())


def draw_threshold(axes: Axes, threshold: pd.Series, edge: float | None, color: str = INK) -> None:
    """A dashed line, or dashed stairs where the threshold changes along the run.

    With an `edge` c the line is marked c/eta.
    """
    if threshold.empty:
        return
    if np.ptp(threshold) <= 1e-6 * abs(threshold.iloc[0]):
        axes.axhline(threshold.iloc[0], color=color, linestyle="--", linewidth=0.9, zorder=4)
    else:
        changes = decimate(threshold.loc[threshold.diff() != 0])
        stairs = pd.concat([changes, threshold.iloc[-1:]])
        axes.step(
            stairs.index,
            stairs.to_numpy(),
            where="post",
            color=color,
            linestyle="--",
            linewidth=0.9,
            zorder=4,
        )
    if edge is None:
        return
    axes.annotate(
        rf"${edge:.3g}/\eta$",
        (1, threshold.iloc[-1]),
        xycoords=("axes fraction", "data"),
        xytext=(4, 0),
        textcoords="offset points",
        ha="left",
        va="center",
    )
