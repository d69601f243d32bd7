"""The contract of docs/file-format.md, held against files that eos-sweep wrote.

EOS_SWEEP_FILE names a merged file; the shards are looked for beside it, in ``shards/``.
"""

import hashlib
import os
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import netCDF4
import numpy as np
import pytest
import xarray as xr

DIMENSIONS = (
    *("run", "step", "measurement", "eigenvalue", "parameter", "layer", "density_node", "sketch"),
    *("kept", "direction"),
)
COUNTS = {
    "step": "steps_taken",
    "measurement": "measurements_taken",
    "eigenvalue": "eigenvalues_taken",
    "parameter": "weights_kept",
    "layer": "layers_taken",
    "density_node": "density_nodes_taken",
    "sketch": "sketch_components_taken",
    "kept": "kept_taken",
    "direction": "directions_taken",
}


TABLE = re.findall(
    r"^\| `(\w+)` \| run[^|]* \| ([^|]+) \|",
    (Path(__file__).parents[2] / "docs" / "file-format.md").read_text(),
    re.MULTILINE,
)
COUNTED = {name for name, kind in TABLE if kind == "int64 count"}
WORDS = {name for name, kind in TABLE if kind == "word"}


def _files() -> list[Path]:
    merged = os.environ.get("EOS_SWEEP_FILE")
    if not merged:
        return []
    shards = sorted((Path(merged).parent / "shards").glob("*.h5"))
    return [Path(merged), *shards[:1]]


@pytest.fixture(params=_files() or [None], ids=lambda path: path.name if path else "none")
def sweep_file(request: pytest.FixtureRequest) -> Path:
    if request.param is None:
        pytest.skip("EOS_SWEEP_FILE does not name a merged file; run a sweep and set it")
    return request.param


@pytest.fixture
def datasets(sweep_file: Path) -> Iterator[dict[str, Any]]:
    with h5py.File(sweep_file) as file:
        yield {str(name): file[str(name)] for name in file}


def is_missing(values: np.ndarray) -> np.ndarray:
    if values.dtype.kind == "f":
        return np.isnan(values)
    return values == (-1 if values.dtype.kind == "i" else b"")


@pytest.mark.parametrize("engine", [None, "h5netcdf", "netcdf4"])
def test_xarray_opens_it_without_keywords(sweep_file: Path, engine: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", xr.SerializationWarning)
        with xr.open_dataset(sweep_file, engine=engine) as sweep:
            sweep.load()
    assert sweep.sizes["run"] == len(set(sweep.run.values)) > 0
    assert {"run", "step", "measurement", "eigenvalue"} <= set(sweep.coords) <= set(DIMENSIONS)
    assert sweep.train_loss.dims == ("run", "step")
    assert sweep.hessian_eigenvalues.dims == ("run", "measurement", "eigenvalue")
    assert sweep.train_loss.dtype == np.float64


def test_netcdf4_reads_what_h5py_reads(sweep_file: Path, datasets: dict[str, Any]) -> None:
    with netCDF4.Dataset(sweep_file) as file:
        file.set_auto_maskandscale(False)
        assert set(file.variables) == set(datasets)
        for name, variable in file.variables.items():
            expected = datasets[name]
            values = expected.asstr()[()] if expected.dtype.kind == "O" else expected[()]
            np.testing.assert_array_equal(variable[...], values, err_msg=name)


def test_root_attributes(sweep_file: Path) -> None:
    with h5py.File(sweep_file) as file:
        assert file.attrs["format"] == "eos-sweep"
        assert file.attrs["format_version"] == 2
        assert {"title", "source", "version", "ranks"} <= set(file.attrs)
        assert ("sweep_yaml" in file.attrs) == (sweep_file.parent.name != "shards")


def test_the_seal_is_what_the_document_says(sweep_file: Path) -> None:
    data = sweep_file.read_bytes()
    assert data[-40:-32] == b"eos-seal"
    assert hashlib.sha256(data[:-40]).digest() == data[-32:]
    with h5py.File(sweep_file) as file:
        assert file.attrs["sealed_bytes"] == len(data) - 40


def test_words_and_counts_need_no_help(sweep_file: Path) -> None:
    assert {"status", "regime", "seed", "steps_taken"} <= WORDS | COUNTED
    with xr.open_dataset(sweep_file) as sweep:
        for name in COUNTED & set(sweep):
            assert sweep[name].dtype == np.int64, name
        for name in WORDS & set(sweep):
            assert all(isinstance(word, str) for word in sweep[name].values.tolist()), name
        assert (sweep.status == "finished").values.any()
        assert not (sweep.seed == -1).values.any()


def test_every_axis_has_its_scale(datasets: dict[str, Any]) -> None:
    for name, dataset in datasets.items():
        if name in DIMENSIONS:
            assert dataset.attrs["CLASS"] == b"DIMENSION_SCALE"
            continue
        axes = [[Path(scale.name).name for scale in axis.values()] for axis in dataset.dims]
        assert axes[0] == ["run"]
        assert all(len(scales) == 1 and scales[0] in DIMENSIONS for scales in axes), name
        assert dataset.shape == tuple(datasets[scales[0]].shape[0] for scales in axes), name


def test_fill_values_flags_and_filters(datasets: dict[str, Any]) -> None:
    for name in datasets.keys() - set(DIMENSIONS):
        dataset = datasets[name]
        assert dataset.attrs["long_name"], name
        if dataset.dtype.kind == "O":
            assert h5py.check_string_dtype(dataset.dtype) == ("utf-8", None), name
            continue
        if name in COUNTED:
            assert "_FillValue" not in dataset.attrs and dataset.fillvalue == 0, name
        else:
            assert is_missing(np.atleast_1d(dataset.attrs["_FillValue"])).all(), name
            assert is_missing(np.atleast_1d(dataset.fillvalue)).all(), name
        assert not dataset.fletcher32, name
        assert dataset.size <= 4096 or (dataset.shuffle and dataset.compression == "gzip"), name
        if dataset.dtype == np.int8:
            words = str(dataset.attrs["flag_meanings"]).split()
            assert list(dataset.attrs["flag_values"]) == list(range(len(words))), name
            assert dataset[()].max(initial=-1) < len(words), name


def test_nothing_stands_beyond_what_a_run_recorded(datasets: dict[str, Any]) -> None:
    for name in datasets.keys() - set(DIMENSIONS):
        axes = [Path(axis[0].name).name for axis in datasets[name].dims][1:]
        for row, values in enumerate(datasets[name][()] if axes else []):
            inside = tuple(slice(int(datasets[COUNTS[axis]][row])) for axis in axes)
            outside = np.ones(values.shape, dtype=bool)
            outside[inside] = False
            assert is_missing(values[outside]).all(), (name, row)


def test_what_holds_in_every_row(sweep_file: Path) -> None:
    with xr.open_dataset(sweep_file, mask_and_scale=False) as sweep:
        for row in (sweep.isel(run=index) for index in range(sweep.sizes["run"])):
            status = str(row.status.values)
            losses = row.train_loss.values[: int(row.steps_taken)]
            assert np.isfinite(losses).all() or status == "diverged"
            assert (int(row.diverged_step) >= 0) == (status == "diverged")
            assert str(row.stop_reason.values) or status != "finished"
            count = int(row.measurements_taken)
            steps = row.measured_step.values[:count]
            assert (np.diff(steps) > 0).all() and (steps <= int(row.steps_taken)).all()
            if int(row.eigenvalues_taken) > 0:
                values = row.hessian_eigenvalues.values[:count, : int(row.eigenvalues_taken)]
                np.testing.assert_array_equal(values[:, 0], row.sharpness.values[:count])
                assert not (np.diff(values, axis=1) > 0).any()
