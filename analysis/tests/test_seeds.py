"""Bands over seeds: medians and quartiles of the curves."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import synthetic
from eos_analysis import FigureError, load, traces
from eos_analysis.figures.seeds import band, seeds_figure
from synthetic import Run

LEVELS = (0.8, 0.9, 1.0, 1.1, 1.2)
RUNS = [Run("gd", 0.1, seed=seed, level=level) for seed, level in enumerate(LEVELS)]


def test_the_band_is_between_the_quartiles_around_the_median(tmp_path: Path):
    drawing = seeds_figure(traces(load(synthetic.write(tmp_path / "s.h5", RUNS))))
    sharpness = drawing.data[drawing.data["quantity"] == "sharpness"].set_index("step")
    late = sharpness.loc[3000:]
    np.testing.assert_allclose(late["value"] / 20, 1.0, atol=0.05)
    np.testing.assert_allclose(late["lower_quartile"] / 20, 0.9, atol=0.05)
    np.testing.assert_allclose(late["upper_quartile"] / 20, 1.1, atol=0.05)
    assert set(drawing.data["runs"]) == {5}
    loss, panel = drawing.figure.axes
    assert len(loss.collections) == len(panel.collections) == 1


def test_runs_at_the_same_number_of_critical_step_sizes_belong_together(tmp_path: Path):
    critical = {"schedule": {"unit": "critical"}}
    runs = [Run("gd", 1.2, seed=seed, settings=critical) for seed in range(3)]
    sweep = load(synthetic.write(tmp_path / "s.h5", runs)).load()
    sweep["learning_rate"][:] = [0.31, 0.32, 0.33]
    table = seeds_figure(traces(sweep)).data
    assert set(table["runs"]) == {3} and set(table["learning_rate"]) == {1.2}
    assert all("critical" in optimizer for optimizer in table["optimizer"])


def test_spikes_of_single_steps_stay_in_the_band(tmp_path: Path):
    sweep = load(synthetic.write(tmp_path / "s.h5", RUNS)).load()
    sweep["train_loss"][:, 1234] = 7.0
    table = seeds_figure(traces(sweep)).data
    assert table[table["quantity"] == "loss"].set_index("step").loc[1234, "value"] == 7


def test_a_band_ends_where_fewer_than_half_of_the_runs_go_on():
    curves = [pd.Series(float(n), index=range(n)) for n in (2, 4, 6, 8)]
    found = band(curves)
    assert list(found.index) == [0, 1, 2, 3, 4, 5]
    assert found.loc[0].tolist() == [3.5, 5, 6.5]
    assert found.loc[4].tolist() == [6.5, 7, 7.5]


def test_other_settings_have_bands_of_their_own(tmp_path: Path):
    small = [Run("gd", 0.1, batch_size=10, seed=seed) for seed in range(3)]
    drawing = seeds_figure(traces(load(synthetic.write(tmp_path / "s.h5", [*RUNS, *small]))))
    counts = drawing.data.groupby("label")["runs"].first()
    assert counts.to_dict() == {"full batch": 5, "batch 10": 3}


def test_every_schedule_has_its_threshold(tmp_path: Path):
    drops = [
        Run("gd", 0.1, seed=seed, drops={1000: 0.5}, settings={"schedule": "drops"})
        for seed in range(3)
    ]
    drawing = seeds_figure(traces(load(synthetic.write(tmp_path / "s.h5", [*RUNS, *drops]))))
    lines = drawing.figure.axes[1].lines
    dashed = [line.get_color() for line in lines if line.get_linestyle() == "--"]
    solid = [line.get_color() for line in lines if line.get_linestyle() == "-"]
    assert len(dashed) == 2 and set(dashed) == set(solid)


def test_too_few_seeds_are_refused(tmp_path: Path):
    with pytest.raises(FigureError, match="seed"):
        seeds_figure(traces(load(synthetic.write(tmp_path / "s.h5", RUNS[:2]))))
