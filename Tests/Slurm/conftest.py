import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cluster import Cluster, lacking
from jobs_of_slurm import Job, submit
from program import Program
from waiting import wait_for

BESIDE = "minute"


def pytest_configure() -> None:
    """Clears up when ended by TERM, too; in the background ^C does not arrive."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)


@pytest.fixture(scope="session")
def program() -> Program:
    return Program.built()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """SLURM; without it the tests are skipped, or fail where EOS_SWEEP_REQUIRE_SLURM is set."""
    if reason := lacking():
        if os.environ.get("EOS_SWEEP_REQUIRE_SLURM"):
            pytest.fail(f"no SLURM: {reason}", pytrace=False)
        pytest.skip(f"no SLURM: {reason}")
    # Not pytest's own folder: paths of sockets are short.
    folder = Path(tempfile.mkdtemp(prefix="slurm-"))
    cluster = Cluster(folder)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def empty_queue(request: pytest.FixtureRequest) -> Iterator[None]:
    """No test leaves jobs to the next."""
    yield
    if "cluster" in request.fixturenames:
        cluster: Cluster = request.getfixturevalue("cluster")
        cluster.run("scancel", *queue(cluster))
        wait_for(lambda: not queue(cluster))


def queue(cluster: Cluster) -> list[str]:
    """The jobs there are, without the one that runs beside all tests."""
    jobs = [line.split() for line in cluster.ask("squeue", "-h", "-o", "%i %j")]
    return [id for id, name in jobs if name != BESIDE]


@pytest.fixture(scope="session")
def minute(cluster: Cluster, program: Program, tmp_path_factory: pytest.TempPathFactory) -> Job:
    """A job with the shortest time limit that SLURM knows, submitted before other tests."""
    folder = tmp_path_factory.mktemp("minute")
    options = ("--ntasks=1", "--time=1", "--nodelist=n1", f"--job-name={BESIDE}")
    return submit(cluster, program, folder, *options)


@pytest.fixture(scope="session", autouse=True)
def beside(request: pytest.FixtureRequest) -> None:
    """Has that job run beside all other tests, where it is wanted at all."""
    if any("minute" in item.fixturenames for item in request.session.items):
        request.getfixturevalue("minute")
