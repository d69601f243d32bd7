from pathlib import Path

import pytest
import xarray as xr

import synthetic
from eos_analysis import load


@pytest.fixture(scope="session")
def sweep_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return synthetic.write(tmp_path_factory.mktemp("sweep") / "sweep.h5", synthetic.QUICKSTART)


@pytest.fixture(scope="session")
def sweep(sweep_path: Path) -> xr.Dataset:
    return load(sweep_path)
