"""Panels by batch size: their order, and the late ratios beside them."""

from pathlib import Path

import pytest

import synthetic
from eos_analysis import FigureError, load, traces
from eos_analysis.figures.batch_sizes import batch_sizes_figure
from synthetic import Run

LEVELS = {8: 0.7, 32: 0.9, 128: 1.1, "full": 1.0}


def test_batches_grow_from_left_to_right_with_their_late_ratios(tmp_path: Path):
    runs = [Run("gd", 0.1, batch_size=size, level=level) for size, level in LEVELS.items()]
    drawing = batch_sizes_figure(traces(load(synthetic.write(tmp_path / "s.h5", runs))))
    losses, ratios = drawing.figure.axes[::2], drawing.figure.axes[1::2]
    assert [a.get_title() for a in losses] == ["batch 8", "batch 32", "batch 128", "full batch"]
    assert {a.get_ylim() for a in ratios} == {(0, 1.4)}
    late = drawing.data[drawing.data["quantity"] == "late_ratio"]
    table = dict(zip(late["run"], late["value"], strict=True))
    for run, panel in zip(runs, ratios, strict=True):
        level = run.level if run.batch_size == "full" else 0.85 * run.level
        assert table[run.id] == pytest.approx(level, abs=0.02)
        assert [text.get_text() for text in panel.texts] == [f"{table[run.id]:.2f}"]


def test_a_row_says_which_color_is_which_step_size(tmp_path: Path):
    runs = [Run("gd", rate, batch_size=size) for rate in (0.1, 0.2) for size in (8, "full")]
    drawing = batch_sizes_figure(traces(load(synthetic.write(tmp_path / "s.h5", runs))))
    legend = drawing.figure.axes[0].get_legend()
    assert legend is not None and len(legend.get_texts()) == 2


def test_a_diverged_run_has_no_late_ratio(tmp_path: Path):
    runs = [Run("gd", 0.1), Run("gd", 0.1, batch_size=8, status="diverged", steps=400)]
    drawing = batch_sizes_figure(traces(load(synthetic.write(tmp_path / "s.h5", runs))))
    late = drawing.data[drawing.data["quantity"] == "late_ratio"]
    assert list(late["run"]) == [runs[0].id]
    assert any(line.get_marker() == "x" for line in drawing.figure.axes[1].lines)


def test_one_batch_size_is_refused(tmp_path: Path):
    drawn = traces(load(synthetic.write(tmp_path / "s.h5", [Run("gd", 0.1), Run("gd", 0.2)])))
    with pytest.raises(FigureError, match="batch sizes"):
        batch_sizes_figure(drawn)
