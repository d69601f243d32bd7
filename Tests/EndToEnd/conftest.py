import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from checkout import files_of_checkout
from program import Program

RANKS = (1, 3, 5)


@pytest.fixture(scope="session", autouse=True)
def untouched_checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests neither see nor leave anything in the checkout, where users have their results."""
    before = files_of_checkout()
    start, path = Path.cwd(), os.environ["PATH"]
    # Away from the checkout the program finds the Python programs on the path only.
    os.environ["PATH"] = f"{Path(sys.executable).parent}:{path}"
    os.chdir(tmp_path_factory.mktemp("session"))
    yield
    os.chdir(start)
    os.environ["PATH"] = path
    assert files_of_checkout() == before, "tests left or took away files in the checkout"


@pytest.fixture(autouse=True)
def own_working_directory(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every test begins in an empty directory."""
    monkeypatch.chdir(tmp_path_factory.mktemp("work"))


@pytest.fixture(scope="session")
def program() -> Program:
    return Program.built()


@pytest.fixture(scope="session")
def quickstarts(program: Program, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Directories of the built-in sweep, run on several numbers of ranks."""
    folder = tmp_path_factory.mktemp("quickstart")
    directories = {ranks: folder / f"ranks-{ranks}" for ranks in RANKS}
    for ranks, directory in directories.items():
        program.run("run", "-o", directory, ranks=ranks, seconds=600)
    return directories
