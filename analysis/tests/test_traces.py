from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import synthetic
from eos_analysis import load, traces
from eos_analysis.curves import decimate
from eos_analysis.traces import unique
from synthetic import Run


@pytest.mark.parametrize("size", [1, 7, 1000, 1001, 4001, 50_000])
def test_decimation_keeps_ends_and_every_spike(size: int):
    values = np.random.default_rng(size).standard_normal(size)
    spikes = np.random.default_rng(1).choice(size, size=min(size, 20), replace=False)
    values[spikes] += 100 * np.where(spikes % 2, 1, -1)
    series = pd.Series(values)
    kept = decimate(series, buckets=500)
    assert len(kept) <= 1002 and kept.index.is_monotonic_increasing
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
    assert (both.threshold == 20).all() and both.edge == pytest.approx(2)
    assert both.preconditioned == adaptive
    assert len(both.ratio) == len(both.sharpness)
    assert not plain.sharpness.empty and not plain.preconditioned
    assert plain.threshold.empty == plain.ratio.empty == adaptive


def test_with_weight_decay_the_threshold_is_for_the_hessian_with_the_decay(tmp_path: Path):
    runs = [Run("gd", 0.1, {"weight_decay": decay}) for decay in (0.0, 0.1)]
    without, decayed = traces(load(synthetic.write(tmp_path / "s.h5", runs)))
    assert (without.preconditioned, decayed.preconditioned) == (False, True)
    assert (decayed.threshold == 20).all()


def test_the_threshold_follows_the_step_size(tmp_path: Path):
    run = Run("gd", 0.1, drops={1000: 0.5, 2000: 0.25})
    [drawn] = traces(load(synthetic.write(tmp_path / "s.h5", [run])))
    assert [drawn.threshold[step] for step in (0, 980, 1000, 2000)] == [20, 20, 40, 80]
    assert drawn.edge == pytest.approx(2)
    assert drawn.ratio.iloc[-1] == pytest.approx(1, abs=0.05)


def test_without_step_sizes_a_changing_threshold_has_no_formula(tmp_path: Path):
    sweep = load(synthetic.write(tmp_path / "s.h5", [Run("gd", 0.1, drops={1000: 0.5})]))
    [drawn] = traces(sweep.drop_vars("step_size"))
    assert drawn.edge is None and drawn.threshold.nunique() == 2


def test_problems_are_named_where_runs_differ_in_them(tmp_path: Path):
    runs = [
        Run("gd", rate, settings={"model": {"name": "mlp", "activation": activation}})
        for activation, rate in (("tanh", 0.1), ("relu", 0.2))
    ]
    drawn = traces(load(synthetic.write(tmp_path / "s.h5", runs)))
    assert [trace.problem for trace in drawn] == ["tanh", "relu"]
    assert [trace.label for trace in drawn] == ["", ""]


def test_labels_name_only_what_differs_inside_a_panel(tmp_path: Path):
    runs = [Run("gd", 0.1, seed=0), Run("gd", 0.1, seed=1), Run("gd", 0.2, seed=0)]
    drawn = traces(load(synthetic.write(tmp_path / "s.h5", runs)))
    assert [trace.label for trace in drawn] == ["seed 0", "seed 1", "seed 0"]


def test_block_sizes_are_named_only_where_nothing_else_tells_runs_apart(tmp_path: Path):
    large, small = ({"block_size": size} for size in (250, 10))
    apart = [Run("gd", 0.1, seed=0, settings=large), Run("gd", 0.1, seed=1, settings=small)]
    drawn = traces(load(synthetic.write(tmp_path / "apart.h5", apart)))
    assert [trace.label for trace in drawn] == ["seed 0", "seed 1"]
    alike = [Run("gd", 0.1, settings=large), Run("gd", 0.1, settings=small)]
    drawn = traces(load(synthetic.write(tmp_path / "alike.h5", alike)))
    assert [trace.label for trace in drawn] == ["block size 10", "block size 250"]


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
