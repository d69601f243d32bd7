"""Draws docs/images/precision.png from sweeps of jobs/precision.yaml and precision-cifar10.yaml.

    python Benchmarks/precision_figure.py results/precision results/precision-cifar10

Also prints how the runs of both precisions compare in distribution. docs/precision.md discusses it.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from eos_analysis.figures.drawing import PALETTE, style
from eos_analysis.sweep import load
from eos_sweep import ROOT

COLOURS = {"float": PALETTE[1], "double": PALETTE[0]}
NAMES = {"float": "single precision", "double": "double precision"}
SETTLED = 600
"""Steps after the crossing from which a run counts as settled at the edge."""


@dataclass(frozen=True)
class Run:
    """A run that crosses the stability threshold, on the clock that starts at the crossing."""

    problem: str
    precision: str
    seed: int
    crossing: int
    measured: np.ndarray
    """Steps since the crossing, one for each ratio."""
    ratio: np.ndarray
    """Sharpness over its threshold."""
    loss: np.ndarray
    """At every step of the run."""

    @property
    def onset(self) -> float:
        """Steps from the crossing to the first rise of a full-batch loss."""
        if "batches" in self.problem:
            return np.nan
        rises = np.flatnonzero(np.diff(self.loss[self.crossing :]) > 0)
        return float(rises[0]) if len(rises) else np.nan

    @property
    def growth(self) -> float:
        """By how many factors of 2 the oscillation has grown from the crossing to its onset.

        Every step multiplies it by 1 - eta lambda = 1 - 2 ratio.
        """
        if np.isnan(self.onset):
            return np.nan
        steps = np.arange(self.onset)
        return float(np.log2(2 * np.interp(steps, self.measured, self.ratio) - 1).sum())

    def figures(self) -> dict[str, float]:
        """What is compared between precisions."""
        early = self.ratio[(self.measured >= 0) & (self.measured < SETTLED)]
        late = self.ratio[self.measured >= SETTLED]
        return {
            "crossing": self.crossing,
            "onset": self.onset,
            "growth": self.growth,
            "first peak": float(early.max()),
            "plateau": float(np.median(late)) if len(late) else np.nan,
            "95 % of plateau": float(np.quantile(late, 0.95)) if len(late) else np.nan,
            "log10 of last losses": float(np.log10(self.loss[-500:].mean())),
        }


def main() -> int:
    """Prints the comparison and draws the figure."""
    options = _options()
    runs = [run for sweep in options.sweeps for run in crossing_runs(load(sweep))]
    print(comparison(runs))
    for problem, pairs in paired(runs).items():
        after = [separation(*pair) for pair in pairs]
        print(f"{problem}: losses differ by 0.1 % {np.median(after):.0f} steps after the crossing")
    with style():
        draw(runs).savefig(options.output, dpi=110)
    print(f"written to {options.output}")
    return 0


def comparison(runs: list[Run]) -> str:
    """Means and standard deviations over seeds, as Markdown."""
    groups: dict[tuple[str, str], list[Run]] = {}
    for run in runs:
        groups.setdefault((run.problem, run.precision), []).append(run)
    names = list(runs[0].figures())
    lines = [f"| | | seeds | {' | '.join(names)} |", "|---" * (3 + len(names)) + "|"]
    for (problem, precision), group in groups.items():
        columns = ([run.figures()[name] for run in group] for name in names)
        cells = [problem, precision, str(len(group)), *map(_mean_and_deviation, columns)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _mean_and_deviation(values: list[float]) -> str:
    there = [value for value in values if not np.isnan(value)]
    if not there:
        return ""
    mean = float(np.mean(there))
    digits = 0 if mean > 100 else 1 if mean > 10 else 3
    deviation = f" ± {np.std(there, ddof=1):.{digits}f}" if len(there) > 1 else ""
    return f"{mean:.{digits}f}{deviation}"


def crossing_runs(sweep: xr.Dataset) -> list[Run]:
    """The runs of a sweep that cross their threshold from below."""
    runs = []
    for index in range(sweep.sizes["run"]):
        row = sweep.isel(run=index)
        if row.status.item() != "finished":
            continue
        taken = int(row.measurements_taken.item())
        measured = row.measured_step.values[:taken]
        batch = "" if row.batch_size == row.examples else f", batches of {int(row.batch_size)}"
        ratio = (row.sharpness / row.stability_threshold).values[:taken]
        upwards = np.flatnonzero((ratio[:-1] < 1) & (ratio[1:] >= 1))
        if len(upwards) == 0:
            continue
        crossing = int(measured[upwards[0] + 1])
        runs.append(
            Run(
                problem=f"{row.dataset.item()}, {int(row.examples):,} examples{batch}",
                precision=str(row.precision.item()),
                seed=int(row.seed),
                crossing=crossing,
                measured=measured - crossing,
                ratio=ratio,
                loss=row.train_loss.values[: int(row.steps_taken.item())],
            )
        )
    return runs


def paired(runs: list[Run]) -> dict[str, list[tuple[Run, Run]]]:
    """The runs that are there in both precisions, by problem."""
    single = {(run.problem, run.seed): run for run in runs if run.precision == "float"}
    pairs: dict[str, list[tuple[Run, Run]]] = {}
    for run in runs:
        key = (run.problem, run.seed)
        if run.precision == "double" and key in single:
            pairs.setdefault(run.problem, []).append((single[key], run))
    return pairs


def difference(one: Run, other: Run) -> np.ndarray:
    """The relative difference of the losses at every step."""
    return np.abs(one.loss - other.loss) / other.loss


def separation(one: Run, other: Run) -> float:
    """Steps after the crossing at which losses differ by 0.1 %."""
    apart = np.flatnonzero(difference(one, other) > 1e-3)
    return float(apart[0] - other.crossing) if len(apart) else np.nan


# MARK: the figure


def draw(runs: list[Run]) -> Figure:
    """Sharpness about the crossing in both precisions, and how runs separate."""
    figure = Figure(figsize=(8.6, 5.8), layout="constrained")
    axes = figure.subplots(2, 2)
    titles = {
        "chebyshev, 20 examples": "Chebyshev-4",
        "gaussian-mixture, 500 examples": "Gaussian mixture",
        "cifar10, 1,000 examples": "1,000 images of CIFAR-10",
    }
    for panel, (problem, title) in zip(axes.flat, titles.items(), strict=False):
        _ratios(panel, [run for run in runs if run.problem == problem], title)
    _differences(axes[1, 1], runs)
    axes[0, 0].legend(loc="lower right")
    return figure


def _ratios(axes: Axes, runs: list[Run], title: str) -> None:
    """One thin line per run, the median over runs thick."""
    for precision, colour in COLOURS.items():
        of_precision = [run for run in runs if run.precision == precision]
        for run in of_precision:
            axes.plot(run.measured, run.ratio, color=colour, alpha=0.25, linewidth=0.5)
        clock = np.arange(-200, SETTLED + 1, 10)
        ratios = [np.interp(clock, run.measured, run.ratio) for run in of_precision]
        if ratios:
            median = np.median(ratios, axis=0)
            axes.plot(clock, median, color=colour, linewidth=1.6, label=NAMES[precision])
    axes.axhline(1, color="#333333", linestyle="--", linewidth=0.7)
    axes.set(xlim=(-200, SETTLED), ylim=(0.8, 1.28), title=f"{title}, full batch")
    axes.set(xlabel="steps since the crossing", ylabel="sharpness / threshold")


def _differences(axes: Axes, runs: list[Run]) -> None:
    """How far the losses of both precisions are apart, median over seeds."""
    clock = np.arange(-200, SETTLED + 1)
    for colour, (problem, pairs) in zip(PALETTE[2:], paired(runs).items(), strict=False):
        apart = [
            np.interp(clock, np.arange(len(run.loss)) - run.crossing, difference(other, run))
            for other, run in pairs
        ]
        axes.semilogy(
            clock, np.maximum(np.median(apart, axis=0), 1e-9), color=colour, label=problem
        )
    axes.set(xlim=(clock[0], clock[-1]), ylim=(1e-8, 1e6), title="single against double precision")
    axes.set(xlabel="steps since the crossing", ylabel="relative difference of the loss")
    axes.legend(loc="upper left", fontsize=8)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sweeps", type=Path, nargs="+", help="directories of the two sweeps")
    parser.add_argument("--output", type=Path, default=ROOT / "docs/images/precision.png")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
