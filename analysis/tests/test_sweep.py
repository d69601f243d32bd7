from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import synthetic
from eos_analysis import SweepFileError, load, runs, settings


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
