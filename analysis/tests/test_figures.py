import os
from pathlib import Path

import h5py
import matplotlib
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from matplotlib.axes import Axes

import synthetic
from eos_analysis import FIGURES, FigureError, load, traces, write_figures
from eos_analysis.command import main
from eos_analysis.figures import Drawing
from eos_analysis.figures.numbers import tex
from eos_analysis.figures.selection import MOST_COLUMNS
from eos_analysis.figures.standard import standard_figure
from eos_analysis.traces import Trace
from synthetic import Run


def _panels(axes: list[Axes], label: str) -> list[Axes]:
    return [a for a in axes if a.get_ylabel() == label]


def test_standard_figure_has_a_pair_of_panels_per_optimizer_and_step_size(sweep: xr.Dataset):
    axes = standard_figure(traces(sweep)).figure.axes
    pairs = {(r.optimizer, r.learning_rate) for r in synthetic.QUICKSTART if r.steps}
    assert len(axes) == 2 * len(pairs)
    assert [a.get_title() for a in axes[:6:2]] == [rf"$\eta = {v}$" for v in (0.1, 0.2, 0.4)]


def test_standard_figure_draws_the_threshold(sweep: xr.Dataset):
    gd_at_a_tenth = standard_figure(traces(sweep)).figure.axes[1]
    dashed = [line for line in gd_at_a_tenth.lines if line.get_linestyle() == "--"]
    assert [np.asarray(line.get_ydata())[0] for line in dashed] == [pytest.approx(20)]
    assert gd_at_a_tenth.texts[0].get_text() == r"$2/\eta$"
    low, high = gd_at_a_tenth.get_ylim()
    assert low <= 0 and high > 20


def test_a_diverged_run_ends_in_a_cross_and_does_not_set_the_limits(tmp_path: Path):
    calm, wild = Run("gd", 0.1), Run("gd", 0.1, seed=1, status="diverged", steps=900)
    drawn = traces(load(synthetic.write(tmp_path / "s.h5", [calm, wild])))
    assert max(trace.loss.max() for trace in drawn) > 1e10
    loss, sharpness = standard_figure(drawn).figure.axes
    assert loss.get_ylim()[1] < 10 and sharpness.get_ylim()[1] < 60
    for axes in (loss, sharpness):
        [cross] = [line for line in axes.lines if line.get_marker() == "x"]
        assert np.asarray(cross.get_xdata())[0] == 900
        assert np.asarray(cross.get_ydata())[0] == axes.get_ylim()[1]


def test_steady_runs_are_never_clipped(sweep: xr.Dataset):
    drawn = traces(sweep)
    top = standard_figure(drawn).figure.axes[0]
    losses = [t.loss for t in drawn if t.optimizer == "gd"]
    low, high = top.get_ylim()
    assert low < min(map(np.min, losses)) and high > max(map(np.max, losses))


@pytest.mark.parametrize(
    "runs",
    [
        [Run("gd", 0.1, steps=0), Run("gd", 0.2, steps=1)],
        [Run("gd", 0.1, status="diverged", steps=2000)],
        [Run("adam", 10.0**-k, threshold=38.0, seed=s) for k in range(6) for s in range(9)],
        [Run("gd", 0.1), Run("gd", 0.1, seed=1, preconditioned=False)],
    ],
    ids=["one step", "only diverged", "many step sizes and seeds", "plain Hessian"],
)
@pytest.mark.parametrize("name", FIGURES)
def test_unusual_sweeps_can_be_drawn_or_are_refused(name: str, runs: list[Run], tmp_path: Path):
    drawn = traces(load(synthetic.write(tmp_path / "s.h5", runs)))
    try:
        drawing = FIGURES[name](drawn)
    except FigureError:
        assert name not in ("standard", "ratio")
        return
    drawing.figure.savefig(tmp_path / "s.png", dpi=40)
    if "run" in drawing.data:
        assert set(drawing.data["run"]) <= {run.id for run in runs if run.steps}
    if name in ("standard", "ratio"):
        assert set(drawing.data["run"]) == {run.id for run in runs if run.steps}


def test_the_threshold_of_a_schedule_is_drawn_as_stairs(tmp_path: Path):
    run = Run("gd", 0.1, drops={1010: 0.5, 2000: 0.25})
    drawing = standard_figure(traces(load(synthetic.write(tmp_path / "s.h5", [run]))))
    [dashed] = [x for x in drawing.figure.axes[1].lines if x.get_linestyle() == "--"]
    assert np.asarray(dashed.get_xdata()).tolist() == [0, 1020, 2000, 4000]
    assert np.asarray(dashed.get_ydata()).tolist() == [20, 40, 80, 80]
    assert dashed.get_drawstyle() == "steps-post"
    points = drawing.data[drawing.data["quantity"] == "sharpness"].set_index("step")["threshold"]
    assert [points[0], points[1020], points[4000]] == [20, 40, 80]


def test_runs_with_different_schedules_have_their_own_thresholds(tmp_path: Path):
    runs = [Run("gd", 0.1), Run("gd", 0.1, drops={1000: 0.5}, settings={"schedule": "drops"})]
    panel = standard_figure(traces(load(synthetic.write(tmp_path / "s.h5", runs)))).figure.axes[1]
    dashed = [line for line in panel.lines if line.get_linestyle() == "--"]
    solid = [line for line in panel.lines if line.get_linestyle() == "-"]
    assert len(dashed) == 2
    assert {line.get_color() for line in dashed} == {line.get_color() for line in solid}


def test_thresholds_are_told_apart_by_when_they_change(tmp_path: Path):
    early, late = (
        Run("gd", 0.1, drops={step: 0.5}, settings={"schedule": f"drop at {step}"})
        for step in (1000, 2000)
    )
    short = Run("gd", 0.1, seed=1, status="diverged", steps=400)  # ends before any drop
    drawn = traces(load(synthetic.write(tmp_path / "s.h5", [early, late, short])))
    panel = standard_figure(drawn).figure.axes[1]
    dashed = [line for line in panel.lines if line.get_linestyle() == "--"]
    assert [np.asarray(line.get_xdata())[1] for line in dashed] == [1000, 2000]


def test_without_preconditioned_sharpness_no_threshold_is_drawn(tmp_path: Path):
    drawn = traces(
        load(synthetic.write(tmp_path / "s.h5", [Run("adam", 0.1, preconditioned=False)]))
    )
    drawing = standard_figure(drawn)
    drawing.figure.savefig(tmp_path / "s.png", dpi=40)
    panel = drawing.figure.axes[1]
    assert panel.get_ylabel() == "sharpness"
    assert [line.get_linestyle() for line in panel.lines] == ["-"]
    [legend] = drawing.figure.legends
    assert "stability threshold" not in [text.get_text() for text in legend.get_texts()]
    for name in ("ratio", "plateaus", "raw-sharpness", "batch-sizes"):
        with pytest.raises(FigureError):
            FIGURES[name](drawn)


def test_files_hold_the_plotted_numbers(sweep: xr.Dataset, tmp_path: Path):
    written = write_figures(sweep, tmp_path / "new" / "folder")
    fitting = [name for name in FIGURES if name not in ("seeds", "flows")]
    assert [path.name for path in written] == [
        f"{name}.{kind}" for name in fitting for kind in ("png", "pdf", "csv")
    ]
    assert all(path.stat().st_size > 1000 for path in written if path.suffix != ".csv")
    assert all(len(pd.read_csv(path)) > 0 for path in written if path.suffix == ".csv")
    table = pd.read_csv(written[2], dtype=str)  # old versions of pandas round numbers wrongly
    one = table[(table["run"] == synthetic.QUICKSTART[0].id) & (table["quantity"] == "loss")]
    recorded = sweep["train_loss"][0].values[[int(step) for step in one["step"]]]
    np.testing.assert_array_equal([float(value) for value in one["value"]], recorded)


def test_a_figure_that_fails_does_not_take_others_along(
    sweep_path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    def fails(traces: list[Trace]) -> Drawing:
        raise KeyError("unforeseen")

    monkeypatch.setitem(FIGURES, "standard", fails)
    arguments = ["figures", str(sweep_path), "-o", str(tmp_path)]
    assert main([*arguments, "--only", "standard", "plateaus"]) == 1
    assert {path.stem for path in tmp_path.iterdir()} == {"plateaus"}
    message = capsys.readouterr().err
    assert "Drawn: plateaus." in message
    assert "standard could not be drawn: KeyError: 'unforeseen'" in message
    assert "fault of eos-analysis" in message and "in fails\n" in message


def test_settings_are_as_before_after_drawing(sweep: xr.Dataset):
    with matplotlib.rc_context({"axes.grid": True, "lines.linewidth": 9, "text.usetex": True}):
        before = dict(matplotlib.rcParams)
        drawing = standard_figure(traces(sweep))
        assert dict(matplotlib.rcParams) == before
    [first, *_] = drawing.figure.axes[0].lines
    assert first.get_linewidth() == 0.9
    assert not drawing.figure.axes[0].xaxis.get_gridlines()[0].get_visible()
    [legend] = drawing.figure.legends
    assert {line.get_linewidth() for line in legend.get_lines()} <= {0.9}


@pytest.mark.parametrize("labels", [2, 9, 60])
def test_legends_stay_inside_of_the_page(labels: int, tmp_path: Path):
    runs = [
        Run("adam", 1e-3, {"beta1": 0.9}, 38.0, settings={"data": {"path": f"/x/{'y' * 90}{n}.h5"}})
        for n in range(labels)
    ]
    figure = standard_figure(traces(load(synthetic.write(tmp_path / "s.h5", runs)))).figure
    figure.canvas.draw()
    for text in (*figure.legends[0].get_texts(), *figure.texts, figure.axes[0].title):
        box = text.get_window_extent()
        assert box.x0 >= 0 and box.x1 <= figure.bbox.x1, text.get_text()
        assert box.y0 >= 0 and box.y1 <= figure.bbox.y1, text.get_text()


def test_more_than_a_page_holds_is_spread_over_all_of_it(tmp_path: Path):
    rates = [round(0.001 * k, 3) for k in range(1, 61)]
    runs = [Run("gd", rate, steps=20) for rate in rates]
    drawing = standard_figure(traces(load(synthetic.write(tmp_path / "s.h5", runs))))
    shown = drawing.data["learning_rate"].unique()
    assert len(shown) == MOST_COLUMNS and {shown[0], shown[-1]} == {rates[0], rates[-1]}
    assert drawing.notes == [f"{MOST_COLUMNS} of 60 step sizes are shown"]
    assert drawing.notes[0] in [text.get_text() for text in drawing.figure.texts]


def test_the_command_writes_only_what_is_asked(sweep_path: Path, tmp_path: Path):
    assert main(["figures", str(sweep_path), "-o", str(tmp_path), "--only", "ratio"]) == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ratio.csv", "ratio.pdf", "ratio.png"]


def test_figures_have_the_same_bytes_again(sweep: xr.Dataset, tmp_path: Path):
    once, again = (write_figures(sweep, tmp_path / name) for name in ("once", "again"))
    for one, other in zip(once, again, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name


def test_a_figure_that_does_not_fit_is_refused_by_name(
    sweep_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    folder = tmp_path / "figures"
    assert main(["figures", str(sweep_path), "-o", str(folder), "--only", "seeds"]) == 2
    message = capsys.readouterr().err
    assert "seeds" in message and "differ in nothing but the seed" in message
    assert not folder.exists()


def test_the_command_refuses_with_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["figures", str(tmp_path / "none.h5"), "-o", str(tmp_path)]) == 2
    assert "does not exist" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["empty", "web page", "folder", "HDF5", "pipe", "taken", "dash"])
def test_what_cannot_be_used_is_refused_with_a_sentence(
    kind: str, sweep_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path, output = tmp_path / "sweep.h5", tmp_path / "figures"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "HDF5":
        with h5py.File(path, "w") as file:
            file["run"] = np.array([b"abc"])
    elif kind == "taken":
        path, output = sweep_path, tmp_path / "file" / "figures"
        output.parent.write_text("mine")
    else:
        path.write_text("<html>" if kind == "web page" else "")
    asked = ["figures", str(path), "-o", str(output)]
    assert main(asked) == 2 if kind != "dash" else _exit_status(["figures", "-x/s.h5"]) == 2
    message = capsys.readouterr().err
    assert message.splitlines()[-1].startswith("eos-analysis") and "Traceback" not in message
    assert "./-x/s.h5" in message if kind == "dash" else len(message.splitlines()) == 1
    assert not output.exists()


def _exit_status(arguments: list[str]) -> object:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return ended.value.code


def test_a_sweep_without_losses_has_nothing_to_draw(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = synthetic.write(tmp_path / "s.h5", [Run("gd", 0.1, steps=0)])
    assert main(["figures", str(path), "-o", str(tmp_path / "figures")]) == 2
    assert "nothing to draw" in capsys.readouterr().err
    assert not (tmp_path / "figures").exists()


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.4, "0.4"), (0.02, "0.02"), (1e-3, "10^{-3}"), (3e-4, r"3\times 10^{-4}"), (100.0, "100")],
)
def test_numbers_in_tex(value: float, text: str):
    assert tex(value) == text
