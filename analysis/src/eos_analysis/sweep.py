"""The sweep file as an xarray dataset, and its runs as pandas tables."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr


class SweepFileError(ValueError):
    """The file cannot be read as a sweep; the message says why and what to do."""


def load(path: str | Path) -> xr.Dataset:
    """Opens a merged file, a shard, or the ``sweep.h5`` of a sweep directory.

    Arrays are read when they are used. Flags (``status`` ...) become their meanings as strings.
    """
    path = Path(path)
    path = path / "sweep.h5" if path.is_dir() else path
    if not path.exists():
        raise SweepFileError(
            f"{path} does not exist. Merge the sweep directory first: eos-sweep merge DIR"
        )
    try:
        dataset = xr.open_dataset(path)
    except (OSError, ValueError) as error:
        raise SweepFileError(f"{path} is not a readable netCDF-4/HDF5 file: {error}") from error
    if "run" not in dataset.dims or "config_json" not in dataset:
        raise SweepFileError(f"{path} was not written by eos-sweep: it has no runs.")
    return dataset.map(_decode_flags, keep_attrs=True)


def _decode_flags(variable: xr.DataArray) -> xr.DataArray:
    """Replaces the codes of a CF flag variable by their meanings; missing codes become ''."""
    if "flag_meanings" not in variable.attrs:
        return variable
    codes = np.atleast_1d(variable.attrs["flag_values"]).tolist()
    meanings = dict(zip(codes, str(variable.attrs["flag_meanings"]).split(), strict=True))
    decoded = [meanings.get(code, "") for code in variable.values.ravel().tolist()]
    return variable.copy(data=np.array(decoded, dtype=object).reshape(variable.shape))


def runs(dataset: xr.Dataset) -> pd.DataFrame:
    """One row per run, indexed by run id: every variable that has one value per run."""
    names = [str(name) for name, v in dataset.data_vars.items() if v.dims == ("run",)]
    return pd.DataFrame(
        {name: dataset[name].values for name in names}, index=pd.Index(run_ids(dataset), name="run")
    )


def settings(dataset: xr.Dataset) -> list[dict[str, Any]]:
    """The resolved configuration of every run, keys dotted (``optimizer.name``)."""
    return [_flat(json.loads(str(text))) for text in dataset["config_json"].values]


def _flat(configuration: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat = {}
    for key, value in configuration.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[prefix + key] = value
    return flat


def run_ids(dataset: xr.Dataset) -> list[str]:
    """The ids of the runs, in file order."""
    return [str(run) for run in dataset["run"].values]
