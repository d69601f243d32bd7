"""Writes figures as PNG and PDF, with the numbers in them as CSV."""

from collections.abc import Iterable
from pathlib import Path

import xarray as xr

from eos_analysis.figures import FIGURES, Drawing, FigureError
from eos_analysis.figures.drawing import style
from eos_analysis.sweep import SweepFileError
from eos_analysis.traces import Trace, traces


def write_figures(
    dataset: xr.Dataset, directory: str | Path, names: Iterable[str] | None = None
) -> list[Path]:
    """Draws the named figures, or all that fit the sweep, and returns the files written."""
    drawn = traces(dataset)
    if not drawn:
        raise SweepFileError("No run of this sweep has recorded a loss yet: nothing to draw.")
    drawings = _named(drawn, names) if names is not None else _fitting(drawn)
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    return [path for name, drawing in drawings.items() for path in _write(drawing, directory, name)]


def _named(drawn: list[Trace], names: Iterable[str]) -> dict[str, Drawing]:
    drawings = {}
    for name in names:
        try:
            drawings[name] = FIGURES[name](drawn)
        except FigureError as error:
            raise FigureError(f"The figure {name} does not fit this sweep: {error}") from error
    return drawings


def _fitting(drawn: list[Trace]) -> dict[str, Drawing]:
    drawings = {}
    for name in FIGURES:
        try:
            drawings |= _named(drawn, [name])
        except FigureError:
            continue
    return drawings


def _write(drawing: Drawing, directory: Path, name: str) -> list[Path]:
    png, pdf, csv = (directory / f"{name}.{kind}" for kind in ("png", "pdf", "csv"))
    with style():
        drawing.figure.savefig(png, dpi=200)
        drawing.figure.savefig(pdf, metadata={"CreationDate": None})
    drawing.data.to_csv(csv, index=False)
    return [png, pdf, csv]
