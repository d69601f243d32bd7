"""The figure of progressive sharpening: a column per problem, a threshold per step size."""

from pathlib import Path

import numpy as np
import pytest

import synthetic
from eos_analysis import FigureError, load, traces
from eos_analysis.figures.sharpening import sharpening_figure
from synthetic import Run


def _runs(activations: tuple[str, ...], rates: tuple[float, ...]) -> list[Run]:
    return [
        Run("gd", rate, settings={"model": {"name": "mlp", "activation": activation}})
        for activation in activations
        for rate in rates
    ]


def test_a_column_per_problem_with_every_step_size_and_its_threshold(tmp_path: Path):
    runs = _runs(("tanh", "relu", "elu"), (0.1, 0.2))
    drawing = sharpening_figure(traces(load(synthetic.write(tmp_path / "s.h5", runs))))
    losses, sharpnesses = drawing.figure.axes[::2], drawing.figure.axes[1::2]
    assert [a.get_title() for a in losses] == ["elu", "relu", "tanh"]
    legend = losses[0].get_legend()
    assert legend is not None and len(legend.get_texts()) == 2
    for loss, sharpness in zip(losses, sharpnesses, strict=True):
        assert len(loss.lines) == 2
        dashed = [line for line in sharpness.lines if line.get_linestyle() == "--"]
        solid = [line for line in sharpness.lines if line.get_linestyle() == "-"]
        assert [float(np.asarray(line.get_ydata())[0]) for line in dashed] == [20, 10]
        assert [line.get_color() for line in dashed] == [line.get_color() for line in solid]
    assert set(drawing.data["run"]) == {run.id for run in runs}


def test_networks_with_their_own_block_sizes_stand_side_by_side(tmp_path: Path):
    networks = (
        {"model": {"name": "mlp", "hidden": [200, 200]}, "block_size": 250},
        {"model": {"name": "cnn", "hidden": [], "channels": [32, 32]}, "block_size": 10},
    )
    runs = [Run("gd", rate, settings=network) for network in networks for rate in (0.1, 0.2)]
    drawing = sharpening_figure(traces(load(synthetic.write(tmp_path / "s.h5", runs))))
    assert [text.get_text() for text in drawing.figure.texts] == ["gd"]
    titles = [axes.get_title() for axes in drawing.figure.axes[::2]]
    assert titles == ["cnn", "hidden [200, 200], mlp"]


def test_rows_without_a_comparison_are_left_out(tmp_path: Path):
    runs = [*_runs(("tanh",), (0.1, 0.2)), Run("adam", 1e-3, threshold=38.0)]
    drawing = sharpening_figure(traces(load(synthetic.write(tmp_path / "s.h5", runs))))
    assert set(drawing.data["optimizer"]) == {"gd"}


def test_one_step_size_is_refused(tmp_path: Path):
    runs = _runs(("tanh", "relu"), (0.1,))
    with pytest.raises(FigureError, match="step sizes"):
        sharpening_figure(traces(load(synthetic.write(tmp_path / "s.h5", runs))))
