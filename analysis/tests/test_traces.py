from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import synthetic
from eos_analysis import load, traces
from eos_analysis.traces import decimate, unique
from synthetic import Run


@pytest.mark.parametrize("size", [1, 7, 1000, 1001, 4001, 50_000])
def test_decimation_keeps_ends_and_every_spike(size: int):
    values = np.random.default_rng(size).standard_normal(size)
    spikes = np.random.default_rng(1).choice(size, size=min(size, 20), replace=False)
    values[spikes] += 100 * np.where(spikes % 2, 1, -1)
    series = pd.Series(values)
    kept = decimate(series, buckets=500)
    assert len(kept) <= max(1002, 0) and kept.index.is_monotonic_increasing
    assert kept.index[0] == 0 and kept.index[-1] == size - 1
    assert kept.min() == series.min() and kept.max() == series.max()
    assert (series[kept.index] == kept).all()


def test_runs_are_drawn_by_optimizer_step_size_and_batch(sweep: xr.Dataset):
    drawn = traces(sweep)
    names = unique(trace.optimizer.split(",")[0] for trace in drawn)
    assert names == ["gd", "heavy-ball", "rmsprop", "adam"]
    last = [trace.label for trace in drawn if trace.run.startswith("adam-lr0.003")]
    assert last == ["full batch", "batch 10", "batch 5"]


def test_runs_without_a_step_are_left_out(sweep: xr.Dataset):
    drawn = {trace.run for trace in traces(sweep)}
    assert drawn == {run.id for run in synthetic.QUICKSTART if run.steps}


def test_adaptive_optimizers_show_the_preconditioned_sharpness(sweep: xr.Dataset):
    for trace in traces(sweep):
        assert trace.preconditioned == trace.optimizer.startswith(("rmsprop", "adam"))
        if not trace.diverged and trace.batch == "full batch":
            assert trace.ratio.iloc[-1] == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("optimizer", ["gd", "heavy-ball", "nesterov", "rmsprop", "adam"])
def test_a_threshold_belongs_to_the_sharpness_it_is_for(optimizer: str, tmp_path: Path):
    runs = [Run(optimizer, 0.1, seed=0), Run(optimizer, 0.1, seed=1, preconditioned=False)]
    both, plain = traces(load(synthetic.write(tmp_path / "s.h5", runs)))
    adaptive = optimizer in ("rmsprop", "adam")
    assert both.threshold == pytest.approx(20) and both.preconditioned == adaptive
    assert len(both.ratio) == len(both.sharpness)
    assert not plain.sharpness.empty and not plain.preconditioned
    assert np.isnan(plain.threshold) == adaptive
    assert plain.ratio.empty == adaptive


def test_labels_name_only_what_differs_inside_a_panel(tmp_path: Path):
    runs = [Run("gd", 0.1, seed=0), Run("gd", 0.1, seed=1), Run("gd", 0.2, seed=0)]
    drawn = traces(load(synthetic.write(tmp_path / "s.h5", runs)))
    assert [trace.label for trace in drawn] == ["seed 0", "seed 1", "seed 0"]


def test_constants_that_differ_between_runs_name_the_optimizer(tmp_path: Path):
    runs = [
        Run("adam", 1e-3, {"beta1": 0.9, "epsilon": epsilon}, seed=seed)
        for seed, epsilon in enumerate((1e-7, 1e-8))
    ]
    drawn = traces(load(synthetic.write(tmp_path / "s.h5", runs)))
    assert unique(trace.optimizer for trace in drawn) == [
        r"adam, $\beta_1=0.9$, $\mathrm{epsilon}=1e-07$",
        r"adam, $\beta_1=0.9$, $\mathrm{epsilon}=1e-08$",
    ]
