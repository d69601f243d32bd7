"""Maps of step size by batch size: a cell per point of the grid, hatched where runs diverged."""

from pathlib import Path

import numpy as np
import pytest
from matplotlib.patches import Rectangle

import synthetic
from eos_analysis import FigureError, load, traces
from eos_analysis.figures.heatmap import heatmap_figure
from synthetic import Run

GRID = [Run("gd", rate, batch_size=size) for rate in (0.1, 0.2) for size in ("full", 10)]
DIVERGED = Run("gd", 0.4, status="diverged", steps=400)


def test_cells_hold_the_numbers_of_their_runs(tmp_path: Path):
    sweep = load(synthetic.write(tmp_path / "s.h5", [*GRID, DIVERGED]))
    drawing = heatmap_figure(traces(sweep))
    table = drawing.data.set_index(["learning_rate", "batch"])
    assert len(table) == 5
    cell = table.loc[(0.2, "full batch")]
    row = sweep.sel(run="gd-lr0.2-bfull-s0")
    losses = row["train_loss"].values
    assert cell["final_loss"] == pytest.approx(np.median(losses[-200:]), rel=1e-3)
    assert cell["peak_sharpness"] == float(row["sharpness"].max())
    assert cell["first_crossing"] == float(row["first_crossing_step"])
    axes = drawing.figure.axes
    assert [text.get_text() for text in axes[0].get_xticklabels()] == ["$0.1$", "$0.2$", "$0.4$"]
    assert [text.get_text() for text in axes[0].get_yticklabels()] == ["batch 10", "full batch"]


def test_diverged_cells_are_hatched_and_have_no_values(tmp_path: Path):
    drawing = heatmap_figure(traces(load(synthetic.write(tmp_path / "s.h5", [*GRID, DIVERGED]))))
    for axes in drawing.figure.axes:
        hatched = [p.get_xy() for p in axes.patches if isinstance(p, Rectangle) and p.get_hatch()]
        assert hatched == [(2, 1)]
    cell = drawing.data[drawing.data["diverged"] == 1].iloc[0]
    assert np.isnan(cell["final_loss"]) and np.isnan(cell["peak_sharpness"])


@pytest.mark.parametrize(
    ("optimizer", "title"),
    [("gd", "largest sharpness"), ("adam", "largest preconditioned\nsharpness")],
)
def test_the_title_says_which_sharpness(optimizer: str, title: str, tmp_path: Path):
    runs = [Run(optimizer, run.learning_rate, batch_size=run.batch_size) for run in GRID]
    drawing = heatmap_figure(traces(load(synthetic.write(tmp_path / "s.h5", runs))))
    assert drawing.figure.axes[1].get_title() == title


def test_of_several_seeds_the_median_counts(tmp_path: Path):
    seeds = [Run("gd", 0.2, seed=seed, level=level) for seed, level in ((1, 1.3), (2, 2.0))]
    drawing = heatmap_figure(traces(load(synthetic.write(tmp_path / "s.h5", [*GRID, *seeds]))))
    table = drawing.data.set_index(["learning_rate", "batch"])
    assert table.loc[(0.2, "full batch"), "peak_sharpness"] == pytest.approx(13, rel=0.05)


def test_a_run_below_its_threshold_never_crosses(tmp_path: Path):
    low = [Run(r.optimizer, r.learning_rate, batch_size=r.batch_size, level=0.5) for r in GRID]
    drawing = heatmap_figure(traces(load(synthetic.write(tmp_path / "s.h5", low))))
    assert [text.get_text() for text in drawing.figure.axes[2].texts] == ["never"] * 4


def test_what_was_not_measured_is_left_empty(tmp_path: Path):
    sweep = load(synthetic.write(tmp_path / "s.h5", GRID)).load()
    for name in ("sharpness", "preconditioned_sharpness", "first_crossing_step"):
        sweep[name][:] = np.nan
    for axes in heatmap_figure(traces(sweep)).figure.axes[1:]:
        assert [text.get_text() for text in axes.texts] == [""] * 4


@pytest.mark.parametrize("runs", [GRID[:2], GRID[::2]], ids=["one step size", "one batch size"])
def test_less_than_a_grid_is_refused(runs: list[Run], tmp_path: Path):
    with pytest.raises(FigureError, match="several batch sizes"):
        heatmap_figure(traces(load(synthetic.write(tmp_path / "s.h5", runs))))
