"""Plateaus: the median of the ratios above 0.75, one dot per run."""

from pathlib import Path

import numpy as np
import pytest

import synthetic
from eos_analysis import FigureError, load, traces
from eos_analysis.figures.plateaus import plateaus_figure
from synthetic import Run


def test_a_dot_per_run_at_its_median(tmp_path: Path):
    runs = [Run("gd", 0.1, level=0.9), Run("gd", 0.2, level=1.2), Run("adam", 1e-3, threshold=38)]
    sweep = load(synthetic.write(tmp_path / "s.h5", runs))
    drawing = plateaus_figure(traces(sweep))
    table = drawing.data.set_index("run")
    for run in runs:
        row = sweep.sel(run=run.id)
        adaptive = run.optimizer == "adam"
        values = row["preconditioned_sharpness" if adaptive else "sharpness"].values
        ratios = values / row["stability_threshold"].values
        assert table.loc[run.id, "value"] == np.median(ratios[ratios > 0.75])
        assert table.loc[run.id, "share"] == np.mean(ratios > 0.75)
    labels = [text.get_text().split(",")[0] for text in drawing.figure.axes[0].get_yticklabels()]
    assert labels == ["gd", "adam"]


def test_the_recorded_plateau_is_taken_where_there_is_one(tmp_path: Path):
    runs = [Run("gd", 0.1), Run("gd", 0.2)]
    sweep = load(synthetic.write(tmp_path / "s.h5", runs))
    computed = plateaus_figure(traces(sweep)).data["value"]
    recorded = plateaus_figure(
        traces(sweep.assign(plateau_ratio=("run", np.array([0.9, np.nan]))))
    ).data["value"]
    assert list(recorded) == [0.9, computed[1]]


def test_a_run_that_stays_below_has_no_plateau(tmp_path: Path):
    runs = [Run("gd", 0.1, level=0.5), Run("gd", 0.2)]
    table = plateaus_figure(traces(load(synthetic.write(tmp_path / "s.h5", runs)))).data
    assert np.isnan(table["value"][0]) and np.isfinite(table["value"][1])


def test_diverged_runs_alone_are_refused(tmp_path: Path):
    run = Run("gd", 0.1, status="diverged", steps=400)
    with pytest.raises(FigureError, match="diverge"):
        plateaus_figure(traces(load(synthetic.write(tmp_path / "s.h5", [run]))))
