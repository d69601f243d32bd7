from pathlib import Path

import pytest

from program import Program

RANKS = (1, 3, 5)


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
