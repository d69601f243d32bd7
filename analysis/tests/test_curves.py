"""Reading the curves of runs of any length."""

import numpy as np
import pytest
import xarray as xr

from eos_analysis import curves

STEPS = [3, 200, 2, 0, 5, 150, 1]


@pytest.fixture
def dataset() -> xr.Dataset:
    losses = np.full((len(STEPS), max(STEPS)), np.nan)
    for row, steps in enumerate(STEPS):
        losses[row, :steps] = row + np.arange(steps) / 1000
    return xr.Dataset(
        {"train_loss": (("run", "step"), losses), "steps_taken": ("run", STEPS)},
        coords={"run": [f"run-{row}" for row in range(len(STEPS))]},
    )


@pytest.mark.parametrize("block", [1, 100, 250, 10_000])
def test_long_and_short_runs_have_all_their_steps(
    dataset: xr.Dataset, block: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(curves, "BLOCK", block)
    found = [curves.losses(row) for row in curves.rows(dataset)]
    assert [len(series) for series in found] == STEPS
    for row, series in enumerate(found):
        np.testing.assert_array_equal(series, row + np.arange(STEPS[row]) / 1000)


def test_short_runs_are_read_without_the_length_of_long_ones(
    dataset: xr.Dataset, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(curves, "BLOCK", 100)
    read = [len(row["train_loss"]) for row in curves.rows(dataset)]
    assert max(length for length, steps in zip(read, STEPS, strict=True) if steps < 100) < 100
    assert sum(read) < 2 * sum(STEPS)


def test_a_file_that_does_not_say_how_long_its_runs_are_is_read_whole(dataset: xr.Dataset):
    found = [len(curves.losses(row)) for row in curves.rows(dataset.drop_vars("steps_taken"))]
    assert found == STEPS
