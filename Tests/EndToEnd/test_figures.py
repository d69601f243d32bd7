"""Figures of sweeps as users have them: cut short, partly failed, with settings of their own."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pytest
import xarray as xr

import eos_analysis as eos
from program import ROOT, Program

HEAD = """\
name: tiny
data: {name: chebyshev}
model: {name: mlp, hidden: [10]}
optimizer: gd
learning_rate: 0.1
stop: {steps: 20}
measure: {every: 5}
grid:
"""

MIXED = """\
  - optimizer: [gd, adam]
    learning_rate: [0.01, 0.1]
    seed: [0, 1]
  - stop: {steps: [1, 300]}
    batch_size: [full, 5]
  - learning_rate: 1.0e+6
  - schedule: {unit: critical}
    measure: {every: 5, max_products: 1}
  - optimizer: rmsprop
    precision: double
    model: {name: mlp, hidden: [4, 4]}
    measure: {every: 7, top: 3, smallest: true, trace: 2}
"""
"""Finished, diverged and failed runs of 1 to 300 steps; one records more than the others."""


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    status: int
    out: str
    err: str


def figures(*arguments: str | Path, folder: Path, **environment: str) -> Done:
    """Runs ``eos-analysis figures`` of this checkout, or the command that EOS_ANALYSIS names."""
    named = os.environ.get("EOS_ANALYSIS")
    command = [named] if named else [sys.executable, "-m", "eos_analysis"]
    path = {} if named else {"PYTHONPATH": str(ROOT / "analysis" / "src")}
    done = subprocess.run(
        [*command, "figures", *map(str, arguments)],
        cwd=folder,
        env={**os.environ, **path, **environment},
        capture_output=True,
        text=True,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def names(folder: Path) -> set[str]:
    """The figures in a folder, each of which has its three files and nothing beside them."""
    found = {path.stem for path in folder.iterdir()}
    files = {f"{name}.{kind}" for name in found for kind in ("png", "pdf", "csv")}
    assert {path.name for path in folder.iterdir()} == files
    return found


def drawn_runs(folder: Path, name: str = "standard") -> set[str]:
    """The runs in a figure."""
    return set(pd.read_csv(folder / f"{name}.csv")["run"])


def job(folder: Path, grid: str, head: str = HEAD) -> Path:
    """A job file."""
    path = folder / "job.yaml"
    path.write_text(head + grid)
    return path


@pytest.fixture(scope="module")
def mixed(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A merged file with finished, diverged and failed runs."""
    folder = tmp_path_factory.mktemp("mixed")
    program.run(job(folder, MIXED), "-o", folder / "out", status=1)
    return folder / "out" / "sweep.h5"


@pytest.fixture(scope="module")
def begun(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A merged file in which one of two runs is pending."""
    folder = tmp_path_factory.mktemp("begun")
    path = job(folder, "  - seed: [0, 1]\n")
    first = re.findall(r"gd-\S+", program.run("plan", path).stdout)[0]
    program.run(path, "-o", folder / "out", "--only", first)
    return folder / "out" / "sweep.h5"


@pytest.mark.fault("D-F12")
def test_what_has_begun_is_drawn_beside_pending_runs(begun: Path, tmp_path: Path):
    done = figures(begun, "-o", "f", folder=tmp_path)
    assert done.status == 0, done.err
    assert names(tmp_path / "f") == {"standard", "ratio", "plateaus"}
    [run] = drawn_runs(tmp_path / "f")
    assert run in eos.load(begun)["run"].values
    assert "1 of 2 runs (1 finished, 1 pending)" in done.err


@pytest.mark.fault("D-F12")
def test_failed_diverged_and_unequal_runs_do_not_stop_the_figures_of_others(
    mixed: Path, tmp_path: Path
):
    done = figures(mixed, "-o", "f", folder=tmp_path)
    assert done.status == 0 and "Traceback" not in done.err, done.err
    assert {"standard", "ratio", "plateaus", "raw-sharpness"} <= names(tmp_path / "f")
    table = eos.runs(eos.load(mixed))
    assert drawn_runs(tmp_path / "f") == set(table.index[table["status"] != "failed"])
    for name in set(eos.FIGURES) - names(tmp_path / "f"):
        assert f"Not drawn: {name}: it " in done.err


@pytest.mark.fault("D-F12")
def test_any_reader_of_the_file_gives_the_same_curves(mixed: Path, begun: Path):
    for path in (mixed, begun):
        ours = eos.traces(eos.load(path))
        assert ours
        for engine in ("netcdf4", "h5netcdf"):
            for masked in (True, False):
                with xr.open_dataset(path, engine=engine, mask_and_scale=masked) as opened:
                    theirs = eos.traces(opened)
                assert [trace.run for trace in theirs] == [trace.run for trace in ours]
                for one, other in zip(ours, theirs, strict=True):
                    assert one.diverged == other.diverged and one.label == other.label
                    assert one.batch_size == other.batch_size
                    pd.testing.assert_series_equal(one.loss, other.loss)
                    pd.testing.assert_series_equal(one.ratio, other.ratio)


@pytest.mark.fault("D-F12")
@pytest.mark.parametrize(
    ("grid", "status", "found"),
    [
        ("  - {schedule: {unit: critical}, measure: {max_products: 1}}\n", 1, None),
        ("  - learning_rate: [1.0e+6, 1.0e+7]\n", 0, {"standard", "ratio", "sharpening"}),
    ],
    ids=["all failed", "all diverged"],
)
def test_sweeps_of_one_kind(
    program: Program, grid: str, status: int, found: set[str] | None, tmp_path: Path
):
    program.run(job(tmp_path, grid), "-o", tmp_path / "out", status=status)
    done = figures("out", "-o", "f", folder=tmp_path)
    assert "Traceback" not in done.err
    if found is None:
        assert done.status == 2 and "nothing to draw" in done.err, done.err
        assert not (tmp_path / "f").exists()
    else:
        assert done.status == 0, done.err
        assert names(tmp_path / "f") == found


@pytest.mark.fault("D-F13")
@pytest.mark.parametrize("engine", ["netcdf4", "h5netcdf"])
def test_what_is_loaded_can_be_saved_and_is_the_same_again(
    mixed: Path, engine: str, tmp_path: Path
):
    sweep = eos.load(mixed)
    sweep.to_netcdf(tmp_path / "copy.nc", engine=engine)
    again = eos.load(tmp_path / "copy.nc")
    xr.testing.assert_identical(sweep.load(), again.load())
    pd.testing.assert_frame_equal(eos.runs(sweep), eos.runs(again))


@pytest.mark.fault("D-F13")
def test_one_run_can_be_taken_from_a_sweep(mixed: Path, tmp_path: Path):
    sweep = eos.load(mixed)
    run = str(eos.runs(sweep).index[eos.runs(sweep)["status"] == "finished"][1])
    place = list(sweep["run"].values).index(run)
    for one in (sweep.isel(run=place), sweep.sel(run=run), sweep.sel(run=[run])):
        [trace] = eos.traces(one)
        assert trace.run == run and not trace.loss.empty
        assert eos.runs(one)["status"].to_dict() == {run: "finished"}
        assert eos.settings(one)[0]["model.name"] == "mlp"
    written = eos.write_figures(sweep.sel(run=run), tmp_path / "one")
    assert {path.stem for path in written} >= {"standard"}


SETTINGS = """\
text.usetex: True
axes.grid: True
savefig.bbox: tight
savefig.transparent: True
savefig.facecolor: black
lines.linewidth: 7
path.sketch: 5, 50, 2
figure.autolayout: True
pdf.compression: 0
font.size: 20
nonsense: 1
"""


@pytest.mark.fault("D-F14")
def test_settings_of_the_user_do_not_reach_into_figures(begun: Path, tmp_path: Path):
    plain = figures(begun, "-o", "plain", "--only", "standard", folder=tmp_path)
    assert plain.status == 0, plain.err
    (tmp_path / "matplotlibrc").write_text(SETTINGS)
    done = figures(begun, "-o", "own", "--only", "standard", folder=tmp_path, MPLBACKEND="nonsense")
    assert done.status == 0, done.err
    assert done.err == plain.err
    for path in (tmp_path / "plain").iterdir():
        assert path.read_bytes() == (tmp_path / "own" / path.name).read_bytes(), path.name


FILES = ["a$$1.h5", "a$x_$2.h5", "_\\frac{$\\$3.h5", "数据😀4.h5", "x" * 150 + "/5.h5"]


@pytest.mark.fault("D-F14")
def test_texts_of_the_user_are_drawn_as_they_are(program: Program, tmp_path: Path):
    numbers = np.random.default_rng(0)
    for name in FILES:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        with h5py.File(path, "w") as file:
            file["x"], file["y"] = numbers.normal(size=(20, 3)), numbers.normal(size=(20, 1))
    quoted = ", ".join(f"'{tmp_path / name}'" for name in FILES)
    grid = f"  - data: {{name: hdf5, path: [{quoted}]}}\n    learning_rate: [0.01, 0.02]\n"
    head = HEAD.replace("data: {name: chebyshev}\n", "").replace("steps: 20", "steps: 3")
    program.run(job(tmp_path, grid, head), "-o", tmp_path / "out")
    done = figures("out", "-o", "f", "--only", "standard", "sharpening", folder=tmp_path)
    assert done.status == 0, done.err
    assert names(tmp_path / "f") == {"standard", "sharpening"}
    assert "Warning" not in done.err and "glyph" not in done.err.lower()
    labels = set(pd.read_csv(tmp_path / "f" / "standard.csv")["label"])
    assert {label[-4:] for label in labels} == {name[-4:] for name in FILES}
    for name in FILES[:4]:
        assert any(label.startswith("…") and label.endswith(f"/{name}") for label in labels), name
    assert all(len(label) <= 24 for label in labels)


@pytest.mark.fault("D-F15", "D-W11")
def test_a_hundred_step_sizes_are_drawn_in_a_figure_of_bounded_size(
    program: Program, tmp_path: Path
):
    grid = "  - learning_rate: {logspace: [1.0e-3, 1], count: 120}\n    stop: {steps: 2}\n"
    program.run(job(tmp_path, grid), "-o", tmp_path / "out")
    done = figures("out", "-o", "f", "--only", "standard", "ratio", folder=tmp_path)
    assert done.status == 0, done.err
    assert names(tmp_path / "f") == {"standard", "ratio"}
    for path in (tmp_path / "f").glob("*.png"):
        width, height = np.frombuffer(path.read_bytes()[16:24], dtype=">u4")
        assert max(width, height) <= 16_000
    rates = pd.read_csv(tmp_path / "f" / "standard.csv")["learning_rate"]
    assert rates.min() == 1e-3 and rates.max() == 1
    assert f"standard: {rates.nunique()} of 120 step sizes are shown" in done.err


def test_a_zero_loss_makes_no_remark_of_matplotlib(program: Program, tmp_path: Path):
    with h5py.File(tmp_path / "zero.h5", "w") as file:
        file["x"], file["y"] = np.zeros((5, 2)), np.zeros((5, 1))
    grid = "  - {data: {name: hdf5, path: zero.h5}, model: {name: mlp, hidden: [3]}}\n"
    head = HEAD.replace("data: {name: chebyshev}\n", "").replace("gd", "adam")
    path = job(tmp_path, grid.replace("zero.h5", str(tmp_path / "zero.h5")), head)
    program.run(path, "-o", tmp_path / "out")
    done = figures("out", "-o", "f", "--only", "raw-sharpness", folder=tmp_path)
    assert done.status == 0 and "Warning" not in done.err, done.err


def foreign(path: Path) -> Path:
    """A file with runs that eos-sweep has not written."""
    text = np.array(["{}"], dtype=object)
    xr.Dataset({"config_json": ("run", text)}, {"run": np.array(["a"], dtype=object)}).to_netcdf(
        path
    )
    return path


@pytest.mark.fault("D-W10")
def test_what_is_no_sweep_is_refused_with_a_sentence(tmp_path: Path):
    done = figures(foreign(tmp_path / "sweep.h5"), "-o", "f", folder=tmp_path)
    assert done.status == 2 and done.out == ""
    [line] = done.err.splitlines()
    assert line.startswith("eos-analysis: ") and "optimizer.name" in line
    assert not (tmp_path / "f").exists()


def test_a_folder_that_cannot_be_written_is_named(begun: Path, tmp_path: Path):
    (tmp_path / "taken").write_text("mine")
    done = figures(begun, "-o", "taken/f", "--only", "plateaus", folder=tmp_path)
    assert done.status == 2
    [line] = done.err.splitlines()
    assert line.startswith("eos-analysis: ") and "taken" in line
    assert (tmp_path / "taken").read_text() == "mine"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a file system that is small")
def test_a_full_disk_leaves_no_part_of_a_file(begun: Path, tmp_path: Path):
    script = (
        'mkdir full && mount -t tmpfs -o size=16k none full && "$@" -o full; '
        "status=$?; ls -A full; exit $status"
    )
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script, "sh"]
        + [sys.executable, "-m", "eos_analysis", "figures", str(begun)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "analysis" / "src")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2 and done.stdout == "", done.stderr
    [line] = done.stderr.splitlines()
    assert "No space left on device" in line and "standard.png" in line


def test_paths_that_begin_with_a_dash(begun: Path, tmp_path: Path):
    (tmp_path / "-x").mkdir()
    (tmp_path / "-x" / "sweep.h5").write_bytes(begun.read_bytes())
    done = figures("-x/sweep.h5", "-o", "f", folder=tmp_path)
    assert done.status == 2 and "./-x/sweep.h5" in done.err
    done = figures("./-x/sweep.h5", "-o", "./-f", "--only", "plateaus", folder=tmp_path)
    assert done.status == 0 and done.out.splitlines()[0] == "-f/plateaus.png"
