"""The sweep file as an xarray dataset, and its runs as pandas tables."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from eos_analysis.errors import SweepFileError

NEWEST = 2
"""The newest version of the file format that is known here."""

FLAG = ("flag_values", "flag_meanings")
"""Attributes of numbers that stand for words, as in files of format version 1."""


def load(path: str | os.PathLike[str]) -> xr.Dataset:
    """Opens a merged file, a shard, or the ``sweep.h5`` of a sweep directory.

    Arrays are read when they are used. What files of format version 1 hold of a run as numbers for
    words (``status`` ...) becomes words, as newer files have it.
    """
    path = Path(path)
    if path.is_dir():
        path = path / "sweep.h5"
    _check(path)
    try:
        dataset = xr.open_dataset(path)
    except Exception as error:  # every kind of foreign file fails in a way of its own
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise SweepFileError(f"{path} is not a readable netCDF-4/HDF5 file: {reason}") from error
    if "run" not in dataset.dims or "config_json" not in dataset:
        raise SweepFileError(f"{path} was not written by eos-sweep: it has no runs.")
    version = dataset.attrs.get("format_version", 1)
    if isinstance(version, int | np.integer) and version > NEWEST:
        raise SweepFileError(
            f"{path} has version {version} of the file format, and this eos-analysis knows "
            f"{NEWEST} at most; take the one that belongs to the program that wrote the file."
        )
    return with_words(dataset)


def _check(path: Path) -> None:
    """Refuses what is no file that can be read."""
    if not path.exists():
        raise SweepFileError(
            f"{path} does not exist. Merge the sweep directory first: eos-sweep merge DIR"
        )
    if not path.is_file():
        raise SweepFileError(f"{path} is not a regular file.")
    try:
        with path.open("rb") as file:
            beginning = file.read(1)
    except OSError as error:
        raise SweepFileError(f"{path} cannot be read: {error.strerror}.") from error
    if not beginning:
        raise SweepFileError(f"{path} is not a readable netCDF-4/HDF5 file: it is empty.")


def with_words(dataset: xr.Dataset) -> xr.Dataset:
    """The dataset with words for the numbers that stand for words, one per run.

    Numbers per measurement (``converged`` ...) stay as they are.
    """
    coded = {
        name: variable
        for name, variable in dataset.variables.items()
        if variable.dims in ((), ("run",)) and set(FLAG) <= variable.attrs.keys()
    }
    return dataset.assign({name: _words(variable) for name, variable in coded.items()})


def _words(variable: xr.Variable) -> xr.Variable:
    """Words by code, '' where the code is missing; nothing is left that would code them again."""
    codes = np.atleast_1d(variable.attrs["flag_values"]).tolist()
    words = dict(zip(codes, str(variable.attrs["flag_meanings"]).split(), strict=False))
    found = [words.get(code, "") for code in np.ravel(variable.values).tolist()]
    attributes = {key: value for key, value in variable.attrs.items() if key not in FLAG}
    data = np.array(found, dtype=object).reshape(variable.shape)
    return xr.Variable(variable.dims, data, attributes)


def with_runs(dataset: xr.Dataset, names: list[str]) -> xr.Dataset:
    """Some variables of a dataset; where one run was taken out of it, a dataset of one run."""
    if "run" not in dataset.coords:
        raise SweepFileError("The dataset has no runs: it needs the coordinate 'run'.")
    chosen = dataset[[name for name in names if name in dataset]]
    return chosen if "run" in dataset.dims else chosen.expand_dims("run")


def runs(dataset: xr.Dataset) -> pd.DataFrame:
    """One row per run, indexed by run id: every variable that has one value per run."""
    per_run = ("run",) if "run" in dataset.dims else ()
    names = [str(name) for name, v in dataset.data_vars.items() if v.dims == per_run]
    table = with_words(with_runs(dataset, names))
    return pd.DataFrame(
        {name: table[name].values for name in names}, index=pd.Index(run_ids(dataset), name="run")
    )


def settings(dataset: xr.Dataset) -> list[dict[str, Any]]:
    """The resolved configuration of every run, keys dotted (``optimizer.name``)."""
    chosen = with_runs(dataset, ["config_json"])
    if "config_json" not in chosen:
        raise SweepFileError("The dataset has no 'config_json', which says what the runs are.")
    texts = chosen["config_json"].values
    return [_settings(run, text) for run, text in zip(run_ids(chosen), texts, strict=True)]


def _settings(run: str, text: Any) -> dict[str, Any]:
    try:
        configuration = json.loads(str(text))
    except ValueError:
        configuration = None
    if not isinstance(configuration, dict):
        raise SweepFileError(f"The 'config_json' of the run {run} holds no configuration.")
    return _flat(configuration)


def _flat(configuration: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Keys dotted; all runs share the keys."""
    flat = {}
    for key, value in configuration.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[sys.intern(prefix + key)] = value
    return flat


def run_ids(dataset: xr.Dataset) -> list[str]:
    """The ids of the runs, in file order."""
    return [str(run) for run in np.atleast_1d(dataset["run"].values)]
