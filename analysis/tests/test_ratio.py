"""The figure of ratios: content of the panels and numbers of the table."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import synthetic
from eos_analysis import load, traces
from eos_analysis.figures.ratio import PER_LINE, ratio_figure
from synthetic import Run


def test_columns_are_optimizers_and_rows_batch_sizes(sweep: xr.Dataset):
    axes = ratio_figure(traces(sweep)).figure.axes
    assert [a.texts[0].get_text() for a in axes if a.texts[0].get_text() != "full batch"] == [
        "batch 10",
        "batch 5",
    ] * 2
    assert all(a.get_ylim() == (0, 2) for a in axes)


def test_the_numbers_are_sharpness_over_threshold(sweep: xr.Dataset):
    table = ratio_figure(traces(sweep)).data
    run = synthetic.QUICKSTART[0].id
    own = table[table["run"] == run].set_index("step")["value"]
    recorded = sweep.sel(run=run)
    expected = recorded["sharpness"].values / recorded["stability_threshold"].values
    np.testing.assert_allclose(own, expected[np.isfinite(expected)], rtol=1e-12)


@pytest.mark.parametrize("count", [1, PER_LINE, PER_LINE + 1, 3 * PER_LINE])
def test_one_batch_size_is_laid_out_line_by_line(count: int, tmp_path: Path):
    runs = [Run("adam", 1e-3, {"beta1": k / 20}, 38.0) for k in range(count)]
    for position, run in enumerate(runs):
        run.settings["name"] = position
    axes = ratio_figure(traces(load(synthetic.write(tmp_path / "s.h5", runs)))).figure.axes
    lefts = {round(a.get_position().x0, 6) for a in axes}
    lows = {round(a.get_position().y0, 6) for a in axes}
    assert len(axes) == count
    assert len(lefts) == min(count, PER_LINE) and len(lows) == -(-count // PER_LINE)
    assert [a.get_ylabel() != "" for a in axes] == [k % PER_LINE == 0 for k in range(count)]
