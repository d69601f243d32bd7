"""Loads the merged file of an eos-sweep into xarray and pandas, and draws its figures."""

from eos_analysis.figures import FIGURES, FigureError
from eos_analysis.sweep import SweepFileError, load, runs, settings
from eos_analysis.traces import Trace, traces
from eos_analysis.writing import write_figures

__all__ = [
    "FIGURES",
    "FigureError",
    "SweepFileError",
    "Trace",
    "load",
    "runs",
    "settings",
    "traces",
    "write_figures",
]
