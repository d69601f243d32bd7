"""Writes figures as PNG and PDF, with the numbers in them as CSV."""

import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import xarray as xr

from eos_analysis.errors import FigureError, SweepFileError
from eos_analysis.figures import FIGURES, Drawing
from eos_analysis.figures.style import style
from eos_analysis.traces import Trace, traces

DOTS_PER_INCH = 200

MOST_DOTS, LONGEST_SIDE = 24e6, 16_000
"""Dots of a PNG, in all and along a side: larger figures have fewer dots per inch."""


@dataclass(frozen=True)
class Outcome:
    """What became of a figure."""

    name: str
    files: tuple[Path, ...] = ()
    """The files written; none if it was not drawn."""
    notes: tuple[str, ...] = ()
    """What it leaves out."""
    lacking: FigureError | None = None
    """What the sweep lacks for it."""
    fault: Exception | None = None
    """An error that nobody foresaw."""


def write_figures(
    dataset: xr.Dataset, directory: str | Path, names: Iterable[str] | None = None
) -> list[Path]:
    """Draws the named figures, or all that fit the sweep, and returns the files written.

    A figure that cannot be drawn raises, a named one also where it does not fit, after the others
    are written.
    """
    outcomes = list(each_figure(traces(dataset), Path(directory), names))
    for outcome in outcomes:
        if outcome.fault is not None:
            raise outcome.fault
        if outcome.lacking is not None and names is not None:
            raise FigureError(
                f"The figure {outcome.name} does not fit this sweep: {outcome.lacking}"
            ) from outcome.lacking
    return [path for outcome in outcomes for path in outcome.files]


def each_figure(
    drawn: list[Trace], directory: Path, names: Iterable[str] | None = None
) -> Iterator[Outcome]:
    """Draws and writes one figure after the other; what stops one does not stop the next."""
    if not drawn:
        raise SweepFileError("No run of this sweep has recorded a loss yet: nothing to draw.")
    for name in dict.fromkeys(FIGURES if names is None else names):
        try:
            drawing = FIGURES[name](drawn)
            files = _write(drawing, directory, name)
        except FigureError as error:
            yield Outcome(name, lacking=error)
        except IsADirectoryError as error:
            yield Outcome(
                name, lacking=FigureError(f"{error.filename2 or error.filename} is a directory.")
            )
        except OSError:
            raise
        except Exception as error:
            yield Outcome(name, fault=error)
        else:
            yield Outcome(name, files, tuple(drawing.notes))


def _write(drawing: Drawing, directory: Path, name: str) -> tuple[Path, ...]:
    contents = {"png": _png(drawing), "pdf": _pdf(drawing), "csv": _csv(drawing)}
    directory.mkdir(parents=True, exist_ok=True)
    return tuple(_replace(directory / f"{name}.{kind}", data) for kind, data in contents.items())


def _png(drawing: Drawing) -> bytes:
    width, height = drawing.figure.get_size_inches()
    finest = min(LONGEST_SIDE / max(width, height), (MOST_DOTS / (width * height)) ** 0.5)
    buffer = io.BytesIO()
    with style():
        drawing.figure.savefig(
            buffer,
            format="png",
            dpi=int(min(DOTS_PER_INCH, finest)),
            pil_kwargs={"compress_level": 2},
        )
    return buffer.getvalue()


def _pdf(drawing: Drawing) -> bytes:
    buffer = io.BytesIO()
    with style():
        drawing.figure.savefig(buffer, format="pdf", metadata={"CreationDate": None})
    return buffer.getvalue()


def _csv(drawing: Drawing) -> bytes:
    return drawing.data.to_csv(index=False, lineterminator="\n").encode()


def _replace(path: Path, data: bytes) -> Path:
    """Writes a file under a name of its own first: under its name stands a whole one or none."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        partial.unlink(missing_ok=True)
    return path
