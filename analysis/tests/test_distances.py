"""Distances of runs, their trajectories and time averages, against geometry and closed forms."""

import numpy as np
import pytest
import xarray as xr

from eos_analysis import SweepFileError, distance, time_average, trajectories

MIDPOINT = 1


def made(
    name: str,
    kept: dict[int, np.ndarray] | None = None,
    sketches: dict[int, np.ndarray] | None = None,
    end: tuple[int, np.ndarray] | None = None,
    parameters: int = 4,
    at: int = 0,
) -> xr.Dataset:
    """One run as `load` gives it, with room for more than it has along every dimension."""
    variables: dict = {"parameters": ("run", [parameters]), "stop_reason": ("run", ["steps"])}
    if kept is not None:
        steps = np.append(np.array(list(kept), float), np.nan)
        rows = np.full((len(steps), parameters + 2), np.nan)
        rows[:-1, :parameters] = list(kept.values())
        variables["kept_step"] = (("run", "kept"), steps[None])
        variables["kept_weights"] = (("run", "kept", "parameter"), rows[None])
    if end is not None:
        variables["steps_taken"] = ("run", [end[0]])
        variables["weights"] = (("run", "parameter"), np.append(end[1], [np.nan, np.nan])[None])
    if sketches is not None:
        steps = np.append(np.array(list(sketches), float), np.nan)
        rows = np.full((len(steps), 9), np.nan)
        rows[:-1, : len(next(iter(sketches.values())))] = list(sketches.values())
        variables["measured_step"] = (("run", "measurement"), steps[None])
        variables["weight_sketch"] = (("run", "measurement", "sketch"), rows[None])
        places = np.full(len(steps), float(at) if at else np.nan)
        places[0] = 0 if at else np.nan
        variables["measured_at"] = (("run", "measurement"), places[None])
    return xr.Dataset(variables, {"run": [name]})


def points(seed: int, steps: range, size: int = 4) -> dict[int, np.ndarray]:
    random = np.random.default_rng(seed)
    return {step: random.standard_normal(size) for step in steps}


def test_distances_are_those_of_the_weights_at_common_steps():
    a, b = points(1, range(0, 20, 2)), points(2, range(0, 20, 3))
    found = distance(made("a", a), made("b", b).isel(run=0))
    assert found.step.values.tolist() == [0, 6, 12, 18]
    for step in (0, 6, 12, 18):
        assert float(found.sel(step=step)) == pytest.approx(np.linalg.norm(a[step] - b[step]))
    assert found.attrs["from"] == "weights" and found.attrs["relative_error"] == 0


def test_weights_at_the_end_belong_to_the_step_after_the_last():
    a, b = points(1, range(0, 20, 10)), points(2, range(0, 20, 10))
    ends = points(3, range(2))
    found = distance(made("a", a, end=(20, ends[0])), made("b", b, end=(20, ends[1])))
    assert found.step.values.tolist() == [0, 10, 20]
    assert float(found[-1]) == pytest.approx(np.linalg.norm(ends[0] - ends[1]))


def test_at_midpoints_an_oscillation_of_period_two_cancels():
    path = {t: np.array([t, 0.0, 0.0, 0.0]) for t in range(10)}
    swing = {t: x + np.array([0, (-1) ** t * (1 + t), 0, 0]) for t, x in path.items()}
    found = distance(made("a", swing), made("b", path), at="midpoint")
    assert found.step.values.tolist() == list(range(9))
    assert found.values[1:] == pytest.approx(0, abs=1e-14)
    assert distance(made("a", swing), made("b", path)).values == pytest.approx(np.arange(1, 11))


def test_a_run_is_taken_where_it_was_measured():
    """The sketches of a network no larger than a sketch are its weights."""
    path = points(1, range(0, 12, 4))
    swing = {t: x + 1 for t, x in path.items()}
    measured = made("a", swing, sketches=path, at=MIDPOINT)
    flow = made("b", path)
    assert distance(measured, flow).values == pytest.approx(0)
    assert distance(measured, flow, at="iterate").values == pytest.approx(2)


def test_sketches_are_taken_where_weights_are_not_kept_by_both():
    a, b = points(1, range(5), 7), points(2, range(5), 7)
    kept = points(3, range(5), 4000)
    first = made("a", kept, sketches=a, parameters=4000)
    found = distance(first, made("b", sketches=b, parameters=4000))
    assert found.values == pytest.approx([np.linalg.norm(a[t] - b[t]) for t in range(5)])
    assert found.attrs["from"] == "sketches"
    assert found.attrs["relative_error"] == pytest.approx(1 / np.sqrt(14))


@pytest.mark.parametrize(
    ("other", "parts"),
    [
        (made("b"), ["run b has neither", "keep_weights: {every: n}", "measure: {sketch: true}"]),
        (made("b", points(1, range(1, 5))), ["no step in common", "keep_weights", "measure.every"]),
        (made("b", points(1, range(5), 5), parameters=5), ["different networks", "a 4 and b 5"]),
        (
            made("b", sketches=points(1, range(5), 3)),
            ["a has weights", "b sketches", "measure: {sketch: true}"],
        ),
        (
            xr.concat([made("b", points(1, range(5))), made("c", points(1, range(5)))], "run"),
            ["One run is needed", "has 2", "sweep.sel"],
        ),
    ],
)
def test_what_is_missing_is_named_with_the_remedy(other: xr.Dataset, parts: list[str]):
    with pytest.raises(SweepFileError) as refused:
        distance(made("a", points(1, range(0, 5, 5))), other)
    for part in parts:
        assert part in str(refused.value)


def test_a_plane_through_points_of_a_plane_keeps_all_distances():
    random = np.random.default_rng(4)
    axes = np.linalg.qr(random.standard_normal((50, 2)))[0]
    flat = {run: random.standard_normal((6, 2)) * [3, 1] for run in "ab"}
    offset = random.standard_normal(50)
    runs = [
        made(run, {t: offset + axes @ x for t, x in enumerate(own)}, parameters=50)
        for run, own in flat.items()
    ]
    table = trajectories(*runs)
    found = table[["first", "second"]].to_numpy()
    true = np.concatenate(list(flat.values()))
    gaps = np.linalg.norm(found[:, None] - found, axis=-1)
    assert gaps == pytest.approx(np.linalg.norm(true[:, None] - true, axis=-1), abs=1e-12)
    assert table.run.tolist() == ["a"] * 6 + ["b"] * 6
    assert table.step.tolist() == [0, 1, 2, 3, 4, 5] * 2
    assert sum(table.attrs["explained"]) == pytest.approx(1)
    assert table.attrs["explained"][0] >= table.attrs["explained"][1]
    assert found.mean(axis=0) == pytest.approx([0, 0], abs=1e-12)


def test_a_gaussian_window_damps_a_wave_as_its_transform_says():
    steps, window, frequency = np.arange(2000), 20.0, 0.05
    wave = xr.DataArray(3 + np.cos(frequency * steps), dims="step", name="wave")
    run = made("a").assign(train_loss=(("run", "step"), wave.values[None]))
    for variable in ("train_loss", wave):
        found = time_average(run, variable, window)
        inner = slice(200, 1800)
        damped = 3 + np.exp(-((frequency * window) ** 2) / 2) * np.cos(frequency * steps)
        # The window is cut at four standard deviations.
        assert found.values[inner] == pytest.approx(damped[inner], abs=3e-4)
    assert found.step.values.tolist() == steps.tolist()


def test_averages_of_constants_and_missing_values():
    values = np.full((1, 40), np.nan)
    values[0, :30] = 5.0
    values[0, 7] = np.nan
    run = made("a").assign(train_loss=(("run", "step"), values))
    found = time_average(run, "train_loss", 3)
    assert found.step.values.tolist() == [*range(7), *range(8, 30)]
    assert found.values == pytest.approx(5)


def test_measured_values_are_averaged_over_their_steps():
    """A straight line stays one, away from the ends; columns are averaged one by one."""
    steps = np.append(np.arange(0, 500, 5.0), np.nan)
    pairs = np.stack([2 * steps, 7 - steps], axis=1)
    pairs[3, 1] = np.nan
    run = made("a").assign(
        measured_step=(("run", "measurement"), steps[None]),
        hessian_eigenvalues=(("run", "measurement", "eigenvalue"), pairs[None]),
    )
    found = time_average(run, "hessian_eigenvalues", 10)
    assert found.dims == ("step", "eigenvalue")
    inner = found.sel(step=slice(60, 440))
    assert inner.values[:, 0] == pytest.approx(2 * inner.step.values)
    assert inner.values[:, 1] == pytest.approx(7 - inner.step.values)
    assert np.isfinite(found.values).all()


def test_distances_can_be_averaged_at_their_own_steps():
    a = {t: np.array([float(t), 0, 0, 0]) for t in range(0, 300, 3)}
    still = dict.fromkeys(range(0, 300, 3), np.zeros(4))
    gap = distance(made("a", a), made("b", still))
    found = time_average(made("a", a), gap**2, 9).sel(step=150)
    # The mean of the square over a Gaussian window is the square and the variance.
    assert float(found) == pytest.approx(150**2 + 9**2, rel=1e-4)


def test_what_cannot_be_averaged_is_told():
    run = made("a", points(1, range(3)))
    for variable, window, part in [
        ("nothing", 5, "no variable 'nothing'"),
        ("parameters", 5, "no values along a run"),
        ("train_loss", 0, "above 0"),
    ]:
        with pytest.raises(SweepFileError, match=part):
            time_average(run.assign(train_loss=(("run", "step"), [[1.0]])), variable, window)
