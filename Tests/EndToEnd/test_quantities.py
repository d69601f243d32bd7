"""Optional quantities: the same bits on any number of ranks; runs that ask for different ones."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from program import Program

JOB = """\
name: quantities
data: {name: gaussian-mixture, examples: 230, features: 20, classes: 3}
block_size: 30
stop: {steps: 100}
measure: {every: 20, top: 3}
grid:
  - model: {name: mlp, hidden: [[12], [12, 8]]}
    optimizer: [{name: gd}, {name: adam}]
    learning_rate: 0.01
    batch_size: [full, 60]
"""
BOOKKEEPING = {"config_json", "checksum", "provenance_json", "wall_seconds", "sessions_json"}
"""What says how a run was computed."""

ALL = {
    "trace": 4,
    "density_probes": 2,
    "density_steps": 10,
    "density_every": 2,
    "per_layer": "true",
    "alignments": "true",
    "overlaps": "true",
    "direction": "true",
    "batch_sharpness": 5,
    "batch_hessian": "true",
    "noise_scale": 6,
}


@pytest.fixture
def job(tmp_path: Path) -> Path:
    path = tmp_path / "quantities.yaml"
    path.write_text(JOB)
    return path


def settings(**keys: object) -> list[str]:
    return [part for key, value in keys.items() for part in ("--set", f"measure.{key}={value}")]


def test_same_bits_for_every_size_of_group(program: Program, tmp_path: Path, job: Path):
    for ranks in (1, 2, 4):
        keys = [*settings(**ALL, examples=90), "--set", f"ranks_per_run={ranks}"]
        program.run("run", job, "-o", tmp_path / f"by-{ranks}", *keys, ranks=ranks)
        program.run("compare", tmp_path / "by-1", tmp_path / f"by-{ranks}")
    program.run("verify", tmp_path / "by-4")


def test_they_leave_the_run_as_it_is(program: Program, tmp_path: Path, job: Path):
    program.run("run", job, "-o", tmp_path / "without")
    program.run("run", job, "-o", tmp_path / "with", *settings(**ALL))
    with (
        xr.open_dataset(tmp_path / "without" / "sweep.h5") as without,
        xr.open_dataset(tmp_path / "with" / "sweep.h5") as sweep,
    ):
        assert set(without) < set(sweep)
        for name in set(without) - BOOKKEEPING:
            if name not in {"hessian_products", "products_used"}:
                np.testing.assert_array_equal(without[name], sweep[name], err_msg=str(name))
        assert (sweep.products_used > without.products_used).all()


def test_runs_that_ask_for_different_ones_stand_in_one_file(
    program: Program, tmp_path: Path, job: Path
):
    grid = "    measure.trace: [none, 3]\n    measure.per_layer: [false, true]\n"
    job.write_text(job.read_text() + grid)
    program.run("run", job, "-o", tmp_path / "sweep")
    program.run("verify", tmp_path / "sweep")
    with xr.open_dataset(tmp_path / "sweep" / "sweep.h5") as sweep:
        assert sweep.sizes["run"] == 32
        assert "hessian_density_nodes" not in sweep and "density_node" not in sweep.dims
        traced = sweep.hessian_trace.notnull().any("measurement")
        assert int(traced.sum()) == 16
        layers = sweep.layers_taken.fillna(0).astype(int)
        assert sorted(set(layers.values.tolist())) == [0, 2, 3]
        for row, count in enumerate(layers.values):
            names = [name for name in sweep.layer_name.values[row] if name]
            assert len(names) == len(set(names)) == count
            assert (sweep.layer_sharpness[row].notnull().sum("layer") == count).all()
        sharpest = sweep.layer_sharpness.max("layer")
        assert not (sharpest > sweep.sharpness * 1.01).any()
        assert (sweep.layer_residuals.max() < 0.02 * sweep.sharpness.max()).all()


def test_densities_agree_with_eigenvalues_and_trace(program: Program, tmp_path: Path, job: Path):
    keys = settings(trace=40, density_probes=40, density_steps=20, tolerance=1e-4)
    program.run("run", job, "-o", tmp_path / "sweep", *keys, "--set", "precision=double")
    with xr.open_dataset(tmp_path / "sweep" / "sweep.h5") as sweep:
        nodes, weights = sweep.hessian_density_nodes, sweep.hessian_density_weights
        np.testing.assert_allclose(weights.sum("density_node"), 1, rtol=1e-12)
        mean = (nodes * weights).sum("density_node") * sweep.parameters
        assert (abs(mean - sweep.hessian_trace) < 8 * sweep.hessian_trace_error).all()
        np.testing.assert_allclose(nodes.max("density_node"), sweep.sharpness, rtol=1e-3)


def test_more_examples_than_there_are_is_an_error(program: Program, tmp_path: Path, job: Path):
    done = program.run("plan", job, *settings(examples=231), status=2)
    assert "measure.examples" in done.stderr and "at most 230" in done.stderr
