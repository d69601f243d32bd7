"""The figure of optimizers beside their flows: its numbers are those of the file."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import eos_analysis as eos
from program import Program

JOB = """\
name: beside
data: {name: chebyshev, degree: 4, points: 20}
model: {name: mlp, hidden: [20], activation: tanh, gains: [1.9], initialization: xavier-normal}
loss: mse
precision: double
optimizer: gd
learning_rate: 0.6
stop: {steps: 300}
measure: {every: 10, top: 2, at: midpoint, sketch: true}
keep_weights: {every: 10}
grid: [{process: [optimizer, stable-flow, central-flow]}]
"""


@pytest.fixture(scope="module")
def sweep(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("beside")
    (folder / "job.yaml").write_text(JOB)
    program.run("run", folder / "job.yaml", "-o", folder / "sweep")
    program.run("verify", folder / "sweep")
    return folder / "sweep"


def test_its_numbers_are_those_of_the_file(sweep: Path, tmp_path: Path):
    names = {path.suffix for path in eos.write_figures(eos.load(sweep), tmp_path, ["flows"])}
    assert names == {".png", ".pdf", ".csv"}
    table = pd.read_csv(tmp_path / "flows.csv")
    dataset = eos.load(sweep)
    runs = {json: dataset.sel(run=run) for run, json in _processes(dataset).items()}
    flow, optimizer = runs["central-flow"], runs["optimizer"]

    def drawn(process: str, quantity: str) -> pd.Series:
        rows = table[(table.process == process) & (table.quantity == quantity)]
        return rows.set_index("step")["value"]

    for quantity, name, power in [
        ("loss", "train_loss", 1),
        ("squared gradient norm", "gradient_norm", 2),
    ]:
        raw = drawn("optimizer", quantity)
        np.testing.assert_allclose(raw, optimizer[name].values[raw.index] ** power, rtol=1e-12)
        smooth = drawn("optimizer", f"smoothed {quantity}")
        assert raw.min() <= smooth.min() and smooth.max() <= raw.max()
    predicted = drawn("central-flow", "predicted loss")
    np.testing.assert_allclose(predicted, flow.predicted_loss.values[predicted.index], rtol=1e-12)
    top = drawn("central-flow", "eigenvalue 0")
    np.testing.assert_allclose(top, flow.effective_eigenvalues.values[top.index, 0], rtol=1e-12)
    measured = drawn("optimizer", "eigenvalue 0")
    # For gradient descent 2 is the edge of eta times the sharpness.
    np.testing.assert_allclose(
        measured, 0.6 * optimizer.sharpness.values[: len(measured)], rtol=1e-12
    )
    for process in ("central-flow", "stable-flow"):
        apart = drawn(process, "distance to the optimizer")
        gap = eos.distance(optimizer, runs[process])
        np.testing.assert_allclose(apart, gap.sel(step=apart.index.to_numpy()), rtol=1e-12)


def test_without_flows_it_says_what_to_write(sweep: Path, tmp_path: Path):
    dataset = eos.load(sweep)
    alone = [run for run, process in _processes(dataset).items() if process == "optimizer"]
    with pytest.raises(eos.FigureError, match="process: \\[optimizer, central-flow\\]"):
        eos.write_figures(dataset.sel(run=alone), tmp_path, ["flows"])


def _processes(dataset) -> dict[str, str]:
    processes = [own.get("process", "optimizer") for own in eos.settings(dataset)]
    return dict(zip(dataset.run.values.tolist(), processes, strict=True))
