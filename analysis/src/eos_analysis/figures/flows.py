"""Optimizers beside their flows: what the flows predict, and how far away they are.

A column per run of an optimizer that has flows beside it, with the panels of Cohen et al. 2024
(arXiv 2410.24206): train loss, eigenvalues against 2, squared gradient norm, the variances of the
oscillation, and the distance of each flow to the optimizer.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from eos_analysis.curves import decimate
from eos_analysis.figures.drawing import PALETTE, Drawing, FigureError, identity, last_step
from eos_analysis.figures.numbers import bounded, tex, use_log_scale, use_plain_scale
from eos_analysis.figures.page import Page, legend_height, wrap
from eos_analysis.figures.selection import note, spread
from eos_analysis.figures.style import INK, style
from eos_analysis.flows import Flows, groups
from eos_analysis.labels import FULL_BATCH
from eos_analysis.traces import Trace

OPTIMIZER, SMOOTHED = "#9ecae9", PALETTE[0]
COLORS = {
    "central-flow": INK,
    "rod-flow": PALETTE[2],
    "stable-flow": PALETTE[1],
    "gradient-flow": PALETTE[1],
}

EDGE = 2.0
"""The edge of stability, where eigenvalues are those of the step size times P^-1 H."""

HIGHEST_EIGENVALUE = 3.2
"""Above it flows that do not know the edge leave the panel."""

MOST_COLUMNS = 6
MOST_DIRECTIONS = 4
HEIGHT, WIDTH = 1.35, 2.5

Draw = Callable[["Panel"], None]


class Panel:
    """Curves of one column in one panel."""

    def __init__(self, drawing: Drawing, axes: Axes, runs: Flows) -> None:
        """Nothing is drawn yet."""
        self.drawing, self.axes, self.runs = drawing, axes, runs
        self.shown: list[np.ndarray] = []

    def draw(
        self,
        trace: Trace,
        curve: pd.Series,
        quantity: str,
        color: str,
        dashed: bool = False,
        width: float = 1.0,
        alpha: float = 1.0,
        counts: bool = True,
    ) -> None:
        """Adds a curve and keeps its numbers; one that does not count leaves the axis as it is."""
        curve = curve.loc[np.isfinite(curve.to_numpy())]
        if curve.empty:
            return
        thin = decimate(curve, self.drawing.buckets)
        steps, values = thin.index.to_numpy(), thin.to_numpy()
        line = Line2D(steps, values, color=color, lw=width, alpha=alpha, ls="--" if dashed else "-")
        self.axes.add_line(line)
        columns = {"step": steps, "value": values}
        self.drawing.keep(columns, **identity(trace), process=trace.process, quantity=quantity)
        if counts:
            self.shown.append(values)


def _averages(panel: Panel, raw: str, power: int, predicted: str, quantity: str) -> None:
    """A quantity of the optimizer, its time average, and what flows predict of that."""
    runs, optimizer = panel.runs, panel.runs.optimizer
    curve = runs.step_curve(optimizer, raw) ** power
    panel.draw(optimizer, curve, quantity, OPTIMIZER, width=0.6)
    for name, flow in reversed(runs.flows.items()):
        values = runs.step_curve(flow, predicted)
        if values.empty:
            values = runs.step_curve(flow, raw) ** power
        panel.draw(flow, values, f"predicted {quantity}", COLORS[name], _is_dashed(name), 1.3)
    smooth = runs.smoothed(raw, lambda values: values**power)
    panel.draw(optimizer, smooth, f"smoothed {quantity}", SMOOTHED, width=1.3)
    _log(panel)


def _is_dashed(name: str) -> bool:
    return name in ("central-flow", "rod-flow")


def _loss(panel: Panel) -> None:
    _averages(panel, "train_loss", 1, "predicted_loss", "loss")


def _gradient(panel: Panel) -> None:
    _averages(panel, "gradient_norm", 2, "predicted_squared_gradient", "squared gradient norm")


def _eigenvalues(panel: Panel) -> None:
    runs = panel.runs
    for direction, curve in runs.eigenvalues.iloc[:, :MOST_DIRECTIONS].items():
        panel.draw(runs.optimizer, curve, f"eigenvalue {direction}", SMOOTHED, width=1.0)
    for name, flow in reversed(runs.flows.items()):
        found = runs.steps_of(flow, "effective_eigenvalues")
        most = MOST_DIRECTIONS if name == "central-flow" else 1
        for direction, curve in found.iloc[:, :most].items():
            panel.draw(flow, curve, f"eigenvalue {direction}", COLORS[name], _is_dashed(name), 1.2)
    panel.axes.axhline(EDGE, color=INK, lw=0.7, ls=":", zorder=0)
    highest = max([EDGE, *(values.max() for values in panel.shown)])
    panel.axes.set_ylim(0, min(HIGHEST_EIGENVALUE, 1.08 * highest))
    use_plain_scale(panel.axes)


def _variances(panel: Panel) -> None:
    """Of each followed direction; the rod flow's bursts leave the panel where there is another."""
    runs = panel.runs
    for name in ("central-flow", "rod-flow"):
        if name not in runs.flows:
            continue
        found = runs.steps_of(runs.flows[name], "predicted_variances")
        for direction, curve in found.iloc[:, :MOST_DIRECTIONS].items():
            quantity = f"predicted variance {direction}"
            counts = name == "central-flow" or "central-flow" not in runs.flows
            color, dashed = COLORS[name], bool(direction)
            panel.draw(runs.flows[name], curve, quantity, color, dashed, 1.2, counts=counts)
    _from_zero(panel)


def _oscillation(panel: Panel) -> None:
    runs = panel.runs
    quantity = "squared distance of iterates to the centre"
    panel.draw(runs.optimizer, runs.spread, f"smoothed {quantity}", SMOOTHED, width=1.3)
    for name, flow in reversed(runs.flows.items()):
        predicted = runs.step_curve(flow, "predicted_covariance_trace")
        counts = name == "central-flow"
        color, dashed = COLORS[name], _is_dashed(name)
        panel.draw(flow, predicted, f"predicted {quantity}", color, dashed, 1.3, counts=counts)
    _from_zero(panel)


def _distances(panel: Panel) -> None:
    for name, curve in panel.runs.distances.items():
        flow = panel.runs.flows[name]
        apart = curve.loc[curve > 0]
        panel.draw(flow, apart, "distance to the optimizer", COLORS[name], width=1.2)
    _log(panel)


def _log(panel: Panel) -> None:
    """Holds all curves, but for spikes of one in a thousand values."""
    values = np.concatenate([np.empty(0), *panel.shown])
    positive = values[(values > 0) & np.isfinite(values)]
    if not positive.size:
        return
    low, high = np.quantile(positive, [0.001, 0.999])
    use_log_scale(panel.axes, low / 1.5, 1.5 * high)


def _from_zero(panel: Panel) -> None:
    values = np.concatenate([np.empty(0), *panel.shown])
    high = float(np.quantile(values, 0.999)) if values.size else 1.0
    panel.axes.set_ylim(*bounded(0, 1.1 * high))
    use_plain_scale(panel.axes)


PANELS: dict[str, tuple[Draw, Callable[[Flows], bool]]] = {
    "train loss": (_loss, lambda runs: True),
    "eigenvalues of\n" + r"$\eta P^{-1} H$": (_eigenvalues, lambda runs: True),
    "squared\ngradient norm": (_gradient, lambda runs: "gradient_norm" in runs.optimizer.dataset),
    "variances along\ncritical directions": (
        _variances,
        lambda runs: any(len(runs.steps_of(f, "predicted_variances")) for f in runs.flows.values()),
    ),
    "size of the\noscillation " + r"$|w_t - w|^2$": (
        _oscillation,
        lambda runs: len(runs.spread) > 0,
    ),
    "distance to\nthe optimizer": (_distances, lambda runs: len(runs.distances) > 0),
}
"""The rows: how each is drawn, and whether a column has something for it."""


@style()
def flows_figure(traces: list[Trace]) -> Drawing:
    """Draws every optimizer's run that has flows beside it, in the same file, a column each."""
    found = groups(traces)
    if not found:
        raise FigureError(
            "it holds optimizers against their flows, and no run has one beside it; "
            "write process: [optimizer, central-flow] into the grid."
        )
    columns = spread(found, MOST_COLUMNS)
    rows = {
        label: draw for label, (draw, has) in PANELS.items() if any(has(runs) for runs in columns)
    }
    entries = _entries(columns)
    titles = [_title(runs) for runs in columns]
    lines = max(title.count("\n") for title in titles)
    page = _page(len(columns), len(rows), entries, lines)
    notes = note(len(columns), len(found), "runs")
    if not all(len(runs.distances) for runs in columns):
        notes.append("distances need keep_weights or measure.sketch")
    drawing = Drawing(page.figure(), 12 * len(rows) * len(columns), notes)
    for column, runs in enumerate(columns):
        for row, (label, draw) in enumerate(rows.items()):
            axes = page.axes(drawing.figure, row, column)
            axes.set_xlim(0, last_step([runs.optimizer]))
            if PANELS[label][1](runs):
                draw(Panel(drawing, axes, runs))
            if row == 0:
                axes.set_title(titles[column])
            if column == 0:
                axes.set_ylabel(label)
            axes.tick_params(labelbottom=row == len(rows) - 1)
            if row == len(rows) - 1:
                axes.set_xlabel("step", labelpad=2)
    page.legend(drawing.figure, entries)
    page.notes(drawing.figure, drawing.notes)
    return drawing


def _page(columns: int, rows: int, entries: list[Line2D], title_lines: int) -> Page:
    width = Page(columns, (), (), width=WIDTH).size[0]
    top = 0.45 + 0.15 * title_lines + legend_height(entries, width - 0.95)
    gaps = (top, *[0.24] * (rows - 1))
    return Page(columns, (HEIGHT,) * rows, gaps, width=WIDTH, bottom=0.72, left=1.05)


def _title(runs: Flows) -> str:
    """The optimizer with its step size, and what else tells its run from others."""
    trace = runs.optimizer
    other = [v for k, v in trace.named.items() if k != "process" and v != FULL_BATCH]
    parts = [trace.optimizer, rf"$\eta = {tex(trace.learning_rate)}$", trace.problem, *other]
    return wrap(", ".join(filter(None, dict.fromkeys(parts))), WIDTH, weight="normal")


def _entries(columns: list[Flows]) -> list[Line2D]:
    names = dict.fromkeys(name for runs in columns for name in runs.flows)
    windows = "/".join(f"{window:g}" for window in sorted({runs.window for runs in columns}))
    label = f"its time average ({windows} steps), or at midpoints"
    lines = [
        Line2D([], [], color=OPTIMIZER, lw=1.2, label="optimizer"),
        Line2D([], [], color=SMOOTHED, lw=1.4, label=label),
    ]
    for name in names:
        ls = "--" if _is_dashed(name) else "-"
        lines.append(
            Line2D([], [], color=COLORS[name], lw=1.4, ls=ls, label=name.replace("-", " "))
        )
    return lines
