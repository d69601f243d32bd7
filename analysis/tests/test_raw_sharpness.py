"""Raw beside preconditioned sharpness: both quantities of the same runs."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import synthetic
from eos_analysis import FigureError, load, traces
from eos_analysis.figures.raw_sharpness import raw_sharpness_figure
from synthetic import Run


def test_only_optimizers_with_a_preconditioner_are_drawn(sweep: xr.Dataset):
    drawing = raw_sharpness_figure(traces(sweep))
    names = {str(name).split(",")[0] for name in drawing.data["optimizer"]}
    assert names == {"rmsprop", "adam"}
    labels = [axes.get_ylabel() for axes in drawing.figure.axes[:3]]
    assert labels == ["train loss", "sharpness", "preconditioned sharpness\n/ threshold"]


def test_the_raw_sharpness_rises_while_the_ratio_is_flat(sweep: xr.Dataset):
    table = raw_sharpness_figure(traces(sweep)).data
    run = next(run.id for run in synthetic.QUICKSTART if run.optimizer == "rmsprop")
    own = table[(table["run"] == run) & (table["step"] >= 2000)]
    raw = own[own["quantity"] == "plain_sharpness"]
    np.testing.assert_array_equal(raw["value"], 4 + raw["step"] / 100)
    ratio = own[own["quantity"] == "ratio"]["value"]
    assert (abs(ratio - 1) < 0.05).all()


def test_a_sweep_without_both_is_refused(tmp_path: Path):
    for run in (Run("gd", 0.1), Run("adam", 1e-3, preconditioned=False)):
        drawn = traces(load(synthetic.write(tmp_path / "s.h5", [run])))
        with pytest.raises(FigureError, match="measure.preconditioned"):
            raw_sharpness_figure(drawn)
