import pytest
from matplotlib.figure import Figure

from eos_analysis.figures.numbers import use_log_scale


@pytest.mark.parametrize("limits", [(0.12, 0.8), (0.05, 0.4), (1e-7, 1.0), (3.0, 20.0)])
def test_a_reader_finds_two_numbers_on_a_logarithmic_axis(limits: tuple[float, float]):
    axes = Figure().add_subplot()
    use_log_scale(axes, *limits)
    ticks = zip(
        [*axes.get_yticks(), *axes.get_yticks(minor=True)],
        [*axes.get_yticklabels(), *axes.get_yticklabels(minor=True)],
        strict=True,
    )
    shown = [label for at, label in ticks if limits[0] <= at <= limits[1] and label.get_text()]
    assert len(shown) >= 2
