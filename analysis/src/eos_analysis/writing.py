"""Writes figures as PNG and PDF, with the numbers in them as CSV."""

from collections.abc import Iterable
from pathlib import Path

import xarray as xr

from eos_analysis.figures import FIGURES
from eos_analysis.figures.drawing import style
from eos_analysis.sweep import SweepFileError
from eos_analysis.traces import traces


def write_figures(
    dataset: xr.Dataset, directory: str | Path, names: Iterable[str] = tuple(FIGURES)
) -> list[Path]:
    """Draws the named figures into a directory and returns the files written."""
    drawn = traces(dataset)
    if not drawn:
        raise SweepFileError("No run of this sweep has recorded a loss yet: nothing to draw.")
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    for name in names:
        drawing = FIGURES[name](drawn)
        png, pdf, csv = (directory / f"{name}.{kind}" for kind in ("png", "pdf", "csv"))
        with style():
            drawing.figure.savefig(png, dpi=200)
            drawing.figure.savefig(pdf, metadata={"CreationDate": None})
        drawing.data.to_csv(csv, index=False)
        written += [png, pdf, csv]
    return written
