"""Numbers that a precision cannot hold, and preconditioners of what never had a gradient."""

import json
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr

from jobs import OPTIMIZERS
from program import Program

JOB = """\
name: numbers
data: {name: hdf5, path: FOLDER/data.h5}
model: {name: mlp, hidden: [4], bias: false}
optimizer: gd
learning_rate: 0.01
stop: {steps: 6}
measure: {every: 2, top: 1}
keep_weights: final
"""


def write(folder: Path, job: str = JOB, scale: float = 1) -> Path:
    """A job on data whose third feature is always 0."""
    random = np.random.default_rng(0)
    x = scale * random.normal(size=(40, 5)).astype(np.float32)
    x[:, 2] = 0
    with h5py.File(folder / "data.h5", "w") as file:
        file["x"], file["y"] = x, np.arange(40) % 3
    path = folder / "job.yaml"
    path.write_text(job.replace("FOLDER", str(folder)))
    return path


WITHOUT_EPSILON = {"gd", "heavy-ball", "nesterov", "ema-heavy-ball", "qhm", "adadelta"}
"""Optimizers without an epsilon, or, the last, without any step where it is 0."""


@pytest.mark.fault("D-F2")
@pytest.mark.parametrize("precision", ["float", "double"])
def test_weights_without_gradients_stay_and_do_not_count(
    program: Program, tmp_path: Path, precision: str
):
    names = sorted(set(OPTIMIZERS) - WITHOUT_EPSILON)
    assert len(names) >= 9
    grid = ", ".join(f"{{name: {name}, epsilon: 0, weight_decay: 0}}" for name in names)
    grid += ", {name: adam, epsilon: 0, freeze_preconditioner: 2}"
    tail = f"precision: {precision}\n"
    tail += f"grid: [{{optimizer: [{grid}], measure.at: [iterate, midpoint]}}]\n"
    job = write(tmp_path, JOB.replace("optimizer: gd\n", "") + tail)
    program.run("run", job, "-o", tmp_path / "out")
    program.run("verify", tmp_path / "out")
    with xr.open_dataset(tmp_path / "out" / "sweep.h5") as sweep:
        assert sweep.sizes["run"] == 2 * len(names) + 2
        assert np.isnan(sweep.diverged_step.values).all()
        assert np.isfinite(sweep.train_loss.values).all()
        assert np.isfinite(sweep.preconditioned_sharpness.values).all()
        assert sweep.converged.values.all()
        dead = sweep.weights.values[:, :20].reshape(-1, 4, 5)[:, :, 2]
        alive = sweep.weights.values[:, :20].reshape(-1, 4, 5)[:, :, 0]
        assert (dead == dead[0]).all()
        assert (alive != alive[0]).any()


@pytest.mark.fault("D-F2")
def test_the_preconditioned_sharpness_is_that_of_the_weights_that_move(
    program: Program, tmp_path: Path
):
    """Without the third feature the same network has the same numbers."""
    optimizer = "{name: rmsprop, epsilon: 0}"
    job = JOB.replace("optimizer: gd", f"optimizer: {optimizer}").replace(
        "hidden: [4]", "hidden: []"
    )
    program.run("run", write(tmp_path, job), "-o", tmp_path / "dead")
    with xr.open_dataset(tmp_path / "dead" / "sweep.h5") as sweep:
        dead = sweep.load()
    start = json.dumps(str(tmp_path / "start.h5"))
    with h5py.File(tmp_path / "data.h5", "a") as file:
        x = file["x"][...]
        del file["x"]
        file["x"] = np.delete(x, 2, axis=1)
    weights = dead.weights.values[0].reshape(3, 5)
    with h5py.File(tmp_path / "start.h5", "w") as file:
        file["weights"] = np.delete(weights, 2, axis=1).ravel()
    (tmp_path / "full.h5").touch()
    with h5py.File(tmp_path / "full.h5", "w") as file:
        file["weights"] = weights.ravel()
    text = job.replace("FOLDER", str(tmp_path)) + f"init: {{file: {start}}}\n"
    (tmp_path / "job.yaml").write_text(text)
    program.run("run", tmp_path / "job.yaml", "-o", tmp_path / "without")
    job += f"init: {{file: {tmp_path}/full.h5}}\n"
    program.run("run", write(tmp_path, job), "-o", tmp_path / "with")
    with xr.open_dataset(tmp_path / "without" / "sweep.h5") as sweep:
        without = sweep.load()
    with xr.open_dataset(tmp_path / "with" / "sweep.h5") as sweep:
        for name in ("train_loss", "preconditioned_sharpness", "sharpness"):
            np.testing.assert_allclose(sweep[name], without[name], rtol=1e-4, err_msg=name)


@pytest.mark.fault("D-F2")
@pytest.mark.parametrize("unit", ["absolute", "critical"])
def test_a_start_without_any_gradient_is_no_divergence(program: Program, tmp_path: Path, unit: str):
    """With inputs of 0 and no biases nothing can move; scalar-rmsprop has epsilon 0 by default."""
    grid = "grid: [{optimizer: [scalar-rmsprop, {name: adam, epsilon: 0}]}]\n"
    tail = f"schedule: {{unit: {unit}}}\n"
    job = write(tmp_path, JOB.replace("optimizer: gd\n", "") + tail + grid, scale=0)
    program.run("run", job, "-o", tmp_path / "out", status=1 if unit == "critical" else 0)
    with xr.open_dataset(tmp_path / "out" / "sweep.h5") as sweep:
        if unit == "critical":
            assert all("no positive curvature" in str(text) for text in sweep.error.values)
        else:
            assert np.isnan(sweep.diverged_step.values).all()
            assert np.ptp(sweep.train_loss.values) == 0
            assert (sweep.preconditioned_sharpness.values == 0).all()


UNHELD = {
    "learning_rate": ["learning_rate=1e-50", "learning_rate=1e39", "learning_rate=1e-40"],
    "model.gains": ["model.gains=[1e300]", "model.gains=[1, 1e-60]"],
    "optimizer.epsilon": [
        "optimizer={name: adam, epsilon: 1e300}",
        "optimizer={name: adam, epsilon: 1e-50}",
        "optimizer={name: adadelta, epsilon: 1e-50}",
    ],
    "optimizer.initial_accumulator": ["optimizer={name: adagrad, initial_accumulator: 1e300}"],
    "optimizer.weight_decay": ["optimizer={name: gd, weight_decay: 1e-60}"],
    "optimizer.momentum": ["optimizer={name: heavy-ball, momentum: 0.99999999}"],
    "optimizer.beta1": ["optimizer={name: adam, beta1: 0.99999999}"],
    "optimizer.beta2": ["optimizer={name: rmsprop, beta2: 0.999999999}"],
}


@pytest.mark.fault("D-F3")
@pytest.mark.parametrize(
    ("key", "change"), [(key, change) for key, changes in UNHELD.items() for change in changes]
)
def test_numbers_beyond_single_precision_are_refused(
    program: Program, tmp_path: Path, key: str, change: str
):
    job = write(tmp_path)
    done = program.run("plan", job, "--set", change, status=2)
    assert f"key '{key}'" in done.stderr and "single precision" in done.stderr
    assert "precision: double" in done.stderr


@pytest.mark.fault("D-F3")
def test_nothing_is_written_of_numbers_that_double_precision_could_hold(
    program: Program, tmp_path: Path
):
    grid = "grid: [{learning_rate: [1e-50, 0.1], optimizer: [gd, {name: adam, epsilon: 1e-60}]}]\n"
    job = write(tmp_path, JOB.replace("optimizer: gd\nlearning_rate: 0.01\n", "") + grid)
    program.run("run", job, "-o", tmp_path / "out", status=2)
    assert not (tmp_path / "out").exists()
    program.run("plan", job, "--set", "precision=double")


@pytest.mark.fault("D-F3")
def test_products_of_step_size_and_schedule_count(program: Program, tmp_path: Path):
    job = write(tmp_path)
    schedule = "schedule={name: piecewise, at: [3], factors: [1e-30]}"
    done = program.run("plan", job, "--set", schedule, "--set", "learning_rate=1e-12", status=2)
    assert "key 'learning_rate'" in done.stderr and "1e-42" in done.stderr


DECAY = JOB.replace("optimizer: gd", "optimizer: {name: adamw, weight_decay: 30}")


@pytest.mark.fault("D-F11")
@pytest.mark.parametrize(
    "changes",
    [
        ["learning_rate=0.1"],
        ["learning_rate=0.2", "optimizer.weight_decay=10"],
        ["schedule={name: piecewise, at: [3], factors: [10]}"],
        ["schedule.warmup=3", "learning_rate=0.1"],
    ],
)
def test_decay_that_is_unstable_alone_is_refused(
    program: Program, tmp_path: Path, changes: list[str]
):
    options = [word for change in changes for word in ("--set", change)]
    done = program.run("plan", write(tmp_path, DECAY), *options, status=2)
    assert (
        "key 'optimizer.weight_decay'" in done.stderr and "decay alone is unstable" in done.stderr
    )


def test_decay_of_a_stable_size_is_accepted(program: Program, tmp_path: Path):
    job = write(tmp_path, DECAY)
    program.run("plan", job, "--set", "learning_rate=0.066")
    program.run(
        "plan",
        job,
        "--set",
        "learning_rate=0.1",
        "--set",
        "optimizer={name: adam, weight_decay: 30}",
    )


@pytest.mark.fault("D-F11")
def test_critical_step_sizes_beyond_the_decay_are_above(program: Program, tmp_path: Path):
    """Four critical step sizes where the decay takes up nearly all of one."""
    tail = "schedule: {unit: critical}\n"
    job = DECAY.replace("weight_decay: 30", "weight_decay: 1e6").replace("every: 2", "every: 1")
    program.run(
        "run", write(tmp_path, job + tail), "-o", tmp_path / "out", "--set", "learning_rate=1.5"
    )
    with xr.open_dataset(tmp_path / "out" / "sweep.h5") as sweep:
        assert (sweep.stability_threshold.values[0] < 0).any()
        assert sweep.first_crossing_step.values[0] == 0
        assert sweep.regime.values[0] in (2, "above")
        for name in ("ratio_before_crossing", "ratio_after_crossing", "plateau_ratio"):
            assert not np.isinf(sweep[name].values).any()


@pytest.mark.fault("D-small")
def test_the_smallest_eigenvalue_of_a_zero_hessian_is_zero(program: Program, tmp_path: Path):
    job = write(tmp_path, JOB.replace("top: 1", "top: 1, smallest: true"), scale=0)
    program.run("run", job, "-o", tmp_path / "out")
    with xr.open_dataset(tmp_path / "out" / "sweep.h5") as sweep:
        smallest = sweep.smallest_eigenvalue.values
        assert (smallest == 0).all() and not np.signbit(smallest).any()
