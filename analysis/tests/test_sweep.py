import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import synthetic
from eos_analysis import SweepFileError, load, runs, settings, traces
from synthetic import Run


def test_runs_has_one_row_per_run_with_flags_as_words(sweep: xr.Dataset):
    table = runs(sweep)
    assert list(table.index) == [run.id for run in synthetic.QUICKSTART]
    assert list(table["status"]) == [run.status for run in synthetic.QUICKSTART]
    assert list(table["learning_rate"]) == [run.learning_rate for run in synthetic.QUICKSTART]
    assert "train_loss" not in table


def test_settings_are_the_configurations_with_dotted_keys(sweep: xr.Dataset):
    first = settings(sweep)[0]
    assert first["optimizer.name"] == "gd"
    assert first["model.hidden"] == [100]


@pytest.mark.parametrize("version", [1, 2])
def test_files_of_every_version_say_the_same(version: int, sweep: xr.Dataset, tmp_path: Path):
    path = synthetic.write(tmp_path / "s.h5", synthetic.QUICKSTART, version)
    for opened in (load(path), xr.open_dataset(path), xr.open_dataset(path, mask_and_scale=False)):
        table = runs(opened)
        assert list(table["status"]) == [run.status for run in synthetic.QUICKSTART]
        assert [t.run for t in traces(opened)] == [t.run for t in traces(sweep)]
    assert (load(path)["status"] == "finished").sum() == 15


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("engine", ["netcdf4", "h5netcdf"])
def test_what_is_loaded_can_be_saved_again(version: int, engine: Any, tmp_path: Path):
    sweep = load(synthetic.write(tmp_path / "s.h5", synthetic.QUICKSTART[:3], version))
    sweep.to_netcdf(tmp_path / "copy.nc", engine=engine)
    xr.testing.assert_identical(load(tmp_path / "copy.nc").load(), sweep.load())
    xr.testing.assert_identical(pickle.loads(pickle.dumps(sweep)), sweep)


def test_runs_of_two_sweeps_are_put_together(sweep: xr.Dataset, tmp_path: Path):
    other = load(synthetic.write(tmp_path / "s.h5", [Run("gd", 0.7, seed=5)], version=1))
    both = xr.concat([sweep, other], dim="run", join="outer")
    assert len(traces(both)) == len(traces(sweep)) + 1


def test_one_run_is_a_sweep_too(sweep: xr.Dataset):
    run = synthetic.QUICKSTART[1].id
    for one in (sweep.isel(run=1), sweep.sel(run=run), sweep.sel(run=[run])):
        assert list(runs(one).index) == [run] and runs(one)["status"].tolist() == ["finished"]
        assert settings(one) == [settings(sweep)[1]]
        [trace] = traces(one)
        pd.testing.assert_series_equal(trace.loss, traces(sweep)[1].loss)


def test_a_newer_version_is_refused(tmp_path: Path):
    path = synthetic.write(tmp_path / "s.h5", [Run("gd", 0.1)], version=3)
    with pytest.raises(SweepFileError, match="version 3 of the file format"):
        load(path)


def test_configurations_that_say_nothing_are_refused(sweep: xr.Dataset):
    for text, problem in (("{}", "has no 'optimizer.name'"), ("", "holds no configuration")):
        foreign = sweep.assign(config_json=("run", np.full(sweep.sizes["run"], text, object)))
        with pytest.raises(SweepFileError, match=problem):
            traces(foreign)


def test_missing_steps_are_nan(sweep: xr.Dataset):
    for position, run in enumerate(synthetic.QUICKSTART):
        recorded = int(np.isfinite(sweep["train_loss"][position]).sum())
        assert recorded == (run.steps + 1 if run.steps else 0)


def test_a_directory_stands_for_its_merged_file(sweep_path: Path):
    assert load(sweep_path.parent).sizes == load(sweep_path).sizes


def test_a_missing_file_says_how_to_make_it(tmp_path: Path):
    with pytest.raises(SweepFileError, match="eos-sweep merge"):
        load(tmp_path)


def test_a_file_of_another_program_is_refused(tmp_path: Path):
    path = tmp_path / "other.h5"
    xr.Dataset({"a": ("x", [1.0])}).to_netcdf(path)
    with pytest.raises(SweepFileError, match="not written by eos-sweep"):
        load(path)


def test_a_truncated_file_is_refused(sweep_path: Path, tmp_path: Path):
    path = tmp_path / "short.h5"
    path.write_bytes(sweep_path.read_bytes()[:2000])
    with pytest.raises(SweepFileError, match="not a readable"):
        load(path)
