"""Loads the merged file of an eos-sweep into xarray and pandas, and draws its figures.

Reading needs no matplotlib: it is loaded with the first figure.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from eos_analysis.distances import distance, time_average, trajectories
from eos_analysis.errors import FigureError, SweepFileError
from eos_analysis.sweep import load, runs, settings
from eos_analysis.traces import Trace, traces

if TYPE_CHECKING:
    from eos_analysis.figures import FIGURES
    from eos_analysis.writing import write_figures

__all__ = [
    "FIGURES",
    "FigureError",
    "SweepFileError",
    "Trace",
    "distance",
    "load",
    "runs",
    "settings",
    "time_average",
    "traces",
    "trajectories",
    "write_figures",
]

_DRAWING = {"FIGURES": "eos_analysis.figures", "write_figures": "eos_analysis.writing"}


def __getattr__(name: str) -> Any:
    if name not in _DRAWING:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_DRAWING[name]), name)
