"""Every shipped job file can be planned, and the small ones stand for a large one."""

from pathlib import Path

import numpy as np
import pytest

from program import ROOT, Program

JOBS = sorted((ROOT / "jobs").glob("**/*.yaml"))
SMALL = [job for job in JOBS if job.parent.name == "small"]
RECORDS = 1000


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Noise in the layout of CIFAR-10's binary files, enough for every batch size."""
    random = np.random.default_rng(0)
    records = random.integers(0, 256, size=(RECORDS, 3073), dtype=np.uint8)
    records[:, 0] = np.arange(RECORDS) % 10
    path = tmp_path_factory.mktemp("images") / "images.bin"
    path.write_bytes(records.tobytes())
    return path


@pytest.mark.parametrize("job", JOBS, ids=lambda job: str(job.relative_to(ROOT / "jobs")))
def test_every_job_can_be_planned(program: Program, job: Path, images: Path):
    arguments = ["plan", job]
    if "name: cifar10," in job.read_text():
        arguments += ["--set", f"data.path={images}", "--set", f"data.examples={RECORDS}"]
    assert "runs, 0 done" in program.run(*arguments).stdout


@pytest.mark.parametrize("job", SMALL, ids=lambda job: job.name)
def test_a_small_job_needs_no_files_and_has_a_large_one(job: Path):
    assert "path:" not in job.read_text()
    assert (ROOT / "jobs" / job.name).exists()


@pytest.mark.parametrize("job", JOBS, ids=lambda job: str(job.relative_to(ROOT / "jobs")))
def test_every_job_begins_with_what_it_shows_and_is_listed(job: Path):
    assert job.read_text().startswith("# ")
    listed = (ROOT / "jobs" / "README.md").read_text()
    assert f"({job.relative_to(ROOT / 'jobs')})" in listed
