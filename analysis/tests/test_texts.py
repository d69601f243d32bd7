"""Texts of the user in figures: as they are, on one line, and short."""

import pytest
from matplotlib.figure import Figure

from eos_analysis.texts import WIDTH, literal, plain, shortened


@pytest.mark.parametrize(
    "text", ["a$$1", "$x$", "a$b", "_a", "\\$", r"\frac{$\$}", "数据", "a\n\tb"]
)
def test_texts_are_drawn_as_they_are(text: str):
    figure = Figure()
    drawn = figure.text(0, 0, f"{literal(text)}, $\\beta=1$")
    figure.canvas.draw()
    alone = figure.text(0, 0, literal(text))
    assert not alone.get_text().startswith("_") and "\n" not in drawn.get_text()
    assert plain(literal(text)) == " ".join(text.split())


@pytest.mark.parametrize(
    ("texts", "short"),
    [
        (["tanh", "relu"], ["tanh", "relu"]),
        (["/data/of/mine/one.h5", "/data/of/mine/two.h5"], None),
        (["/d" * 99 + "/a$1.h5", "/d" * 99 + "/b$2.h5"], ["…a$1.h5", "…b$2.h5"]),
        (["/d/one" + "/d" * 99, "/d/two" + "/d" * 99], ["…one…", "…two…"]),
        (["x" * 99 + "1" + "y" * 99, "x" * 99 + "2" + "y" * 99], ["…xxxx1yyyy…", "…xxxx2yyyy…"]),
    ],
)
def test_long_texts_are_cut_to_the_part_that_differs(texts: list[str], short: list[str] | None):
    assert list(shortened(texts).values()) == (short or texts)


@pytest.mark.parametrize("count", [1, 2, 50])
def test_short_forms_fit_and_differ(count: int):
    middle = [f"{'a' * 50}{n}{'b' * 50}" for n in range(count)]
    texts = [f"{n}{text}{n}" for n, text in enumerate(middle)]
    short = shortened(texts)
    assert list(short) == texts and len(set(short.values())) == count
    assert all(len(text) <= WIDTH for text in short.values())
