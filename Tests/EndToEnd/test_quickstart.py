"""The built-in sweep: same bits on any number of ranks, files any reader opens, right plateaus."""

import json
import shutil
from pathlib import Path

import h5py
import netCDF4
import numpy as np
import pytest
import xarray as xr

import eos_analysis
from program import Program

BANDS = {
    "gd": (0.95, 1.10),
    "heavy-ball": (0.75, 0.98),
    "rmsprop": (0.97, 1.10),
    "adam": (0.93, 1.02),
}
"""Median of sharpness over threshold after its first crossing, where it exceeds 0.75."""


@pytest.fixture(scope="module")
def merged(quickstarts: dict[int, Path]) -> Path:
    return quickstarts[1] / "sweep.h5"


@pytest.mark.parametrize("ranks", [3, 5])
def test_same_bits_on_any_number_of_ranks(
    program: Program, quickstarts: dict[int, Path], ranks: int
):
    program.run("compare", quickstarts[1], quickstarts[ranks])
    with (
        h5py.File(quickstarts[1] / "sweep.h5") as one,
        h5py.File(quickstarts[ranks] / "sweep.h5") as other,
    ):
        assert one["run"][:].tolist() == other["run"][:].tolist()
        for name in (
            "train_loss",
            "gradient_norm",
            "hessian_eigenvalues",
            "measured_step",
        ):
            assert one[name][:].tobytes() == other[name][:].tobytes(), name


def test_the_sweep_covers_what_it_promises(merged: Path):
    runs = eos_analysis.runs(eos_analysis.load(merged))
    assert len(runs) >= 14
    assert set(runs["optimizer"]) == set(BANDS)
    assert set(runs["status"]) == {"finished", "diverged"}
    assert runs["learning_rate"].nunique() > 3 and runs["batch_size"].nunique() > 1


def test_plateaus_sit_where_they_should(merged: Path):
    plateaus: dict[str, list[float]] = {optimizer: [] for optimizer in BANDS}
    for trace in eos_analysis.traces(eos_analysis.load(merged)):
        afterwards = trace.ratio[(trace.ratio > 1).cummax()]
        if trace.batch == "full batch" and not trace.diverged and len(afterwards) > 30:
            median = float(afterwards[afterwards > 0.75].median())
            plateaus[trace.optimizer.split(",")[0]].append(median)
    for optimizer, (low, high) in BANDS.items():
        assert plateaus[optimizer], f"no run of {optimizer} reaches its threshold"
        assert all(low < median < high for median in plateaus[optimizer]), plateaus


def test_xarray_netcdf4_and_h5py_open_the_file_without_keywords(
    merged: Path, quickstarts: dict[int, Path]
):
    shard = next((quickstarts[1] / "shards").glob("*.h5"))
    for path in (merged, shard):
        with (
            h5py.File(path) as file,
            netCDF4.Dataset(path) as netcdf,
            xr.open_dataset(path) as ds,
        ):
            loss = file["train_loss"][:]
            np.testing.assert_array_equal(loss, ds["train_loss"].values)
            np.testing.assert_array_equal(loss, np.ma.filled(netcdf["train_loss"][:], np.nan))
            assert ds["train_loss"].dims == ("run", "step")
            assert [str(run) for run in ds["run"].values] == list(netcdf["run"][:])
            assert all(json.loads(str(text)) for text in ds["config_json"].values)


def test_every_number_of_every_shard_is_in_the_merged_file(
    merged: Path, quickstarts: dict[int, Path]
):
    whole = xr.open_dataset(merged)
    for shard in (quickstarts[1] / "shards").glob("*.h5"):
        with xr.open_dataset(shard) as part:
            rows = whole.sel(run=part["run"].values)
            for name, values in part.data_vars.items():
                extent = {axis: slice(size) for axis, size in values.sizes.items() if axis != "run"}
                np.testing.assert_array_equal(values.values, rows[name].isel(extent).values)


def test_a_finished_sweep_is_not_run_again(program: Program, quickstarts: dict[int, Path]):
    shards = {p: p.stat().st_mtime_ns for p in (quickstarts[3] / "shards").iterdir()}
    program.run("run", "-o", quickstarts[3], ranks=2)
    assert {p: p.stat().st_mtime_ns for p in (quickstarts[3] / "shards").iterdir()} == shards


def test_verify_status_show_and_merge_accept_it(program: Program, quickstarts: dict[int, Path]):
    directory = quickstarts[5]
    program.run("verify", directory)
    with h5py.File(directory / "sweep.h5") as file:
        run = next(name for name in file["run"].asstr()[:] if name.startswith("gd"))
    assert "18 of 18 runs done" in program.run("status", directory).stdout
    assert "learning_rate" in program.run("show", directory, run).stdout
    again = directory / "again.h5"
    program.run("merge", directory, "-o", again)
    program.run("compare", directory / "sweep.h5", again)


def test_verify_finds_a_flipped_byte(program: Program, merged: Path, tmp_path: Path):
    content = bytearray(merged.read_bytes())
    with h5py.File(merged) as file:
        chunk = file["train_loss"].id.get_chunk_info(0)
    content[chunk.byte_offset + chunk.size // 2] ^= 1
    broken = tmp_path / "broken.h5"
    broken.write_bytes(content)
    assert "checksum" in program.run("verify", broken, status=1).stdout


def test_verify_finds_every_damaged_shard(
    program: Program, quickstarts: dict[int, Path], tmp_path: Path
):
    directory = tmp_path / "sweep"
    shutil.copytree(quickstarts[1], directory)
    (shard,) = (directory / "shards").iterdir()
    damaged = [shard, shutil.copy(shard, shard.with_name("20990101-000000-r000-0001.h5"))]
    for shard in damaged:
        content = bytearray(shard.read_bytes())
        content[len(content) // 2] ^= 1
        shard.write_bytes(content)
    lines = program.run("verify", directory, status=1).stdout.splitlines()
    assert [line.count(str(shard)) for line, shard in zip(lines, damaged, strict=False)] == [1, 1]
    assert lines[2:] == ["3 files: 2 problems"]


def test_figures_are_drawn(merged: Path, tmp_path: Path):
    written = eos_analysis.write_figures(eos_analysis.load(merged), tmp_path)
    assert {path.stem for path in written} == set(eos_analysis.FIGURES) - {"flows", "seeds"}
