"""Every shipped job file can be planned, and the small ones stand for a large one."""

import re
from pathlib import Path

import numpy as np
import pytest

import eos_analysis
from program import ROOT, Program

JOBS = sorted((ROOT / "jobs").glob("**/*.yaml"))
SMALL = [job for job in JOBS if job.parent.name == "small"]
RECORDS = 1000
PER_CLASS = 250
"""Of 1,000 images of four classes."""
MARGIN = 0.02


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Noise in the layout of CIFAR-10's binary files, enough for every batch size and class."""
    random = np.random.default_rng(0)
    records = random.integers(0, 256, size=(10 * PER_CLASS, 3073), dtype=np.uint8)
    records[:, 0] = np.arange(len(records)) % 10
    path = tmp_path_factory.mktemp("images") / "images.bin"
    path.write_bytes(records.tobytes())
    return path


@pytest.mark.parametrize("job", JOBS, ids=lambda job: str(job.relative_to(ROOT / "jobs")))
def test_every_job_can_be_planned(program: Program, job: Path, images: Path):
    arguments = ["plan", job]
    if "name: cifar10," in job.read_text():
        arguments += ["--set", f"data.path={images}", "--set", f"data.examples={RECORDS}"]
    assert re.search(r"\d runs?, 0 done", program.run(*arguments).stdout)


@pytest.mark.parametrize("job", SMALL, ids=lambda job: job.name)
def test_a_small_job_needs_no_files_and_has_a_large_one(job: Path):
    assert "path:" not in job.read_text()
    assert (ROOT / "jobs" / job.name).exists()


@pytest.mark.parametrize("job", SMALL, ids=lambda job: job.name)
def test_a_small_job_begins_with_the_same_bits_on_any_ranks(
    program: Program, tmp_path: Path, job: Path
):
    """Whole runs on one rank, every run shared by two, and as it comes on three."""
    few = ["--set", "stop.steps=20"]
    if "warm_start" in job.read_text():
        few += ["--set", "flow.warm_start=10"]
    for ranks, group in ((1, "1"), (2, "2"), (3, "auto")):
        directory = ["-o", tmp_path / f"on-{ranks}", "--set", f"ranks_per_run={group}"]
        program.run("run", job, *directory, *few, ranks=ranks)
    for ranks in (2, 3):
        program.run("compare", tmp_path / "on-1", tmp_path / f"on-{ranks}")


@pytest.mark.parametrize("job", JOBS, ids=lambda job: str(job.relative_to(ROOT / "jobs")))
def test_every_job_begins_with_what_it_shows_and_is_listed(job: Path):
    assert job.read_text().startswith("# ")
    listed = (ROOT / "jobs" / "README.md").read_text()
    assert f"({job.relative_to(ROOT / 'jobs')})" in listed


def test_a_small_job_shows_what_it_says(program: Program, tmp_path: Path):
    job = ROOT / "jobs" / "small" / "adaptive-edge.yaml"
    program.run("run", job, "-o", tmp_path / "sweep", ranks=2)
    sweep = eos_analysis.load(tmp_path / "sweep")
    runs = eos_analysis.runs(sweep)
    assert set(runs["status"]) == {"finished"}
    for low, high, own in (
        # What an independent program with dense Hessians gave on this task.
        (0.969, 0.979, runs[(runs["beta1"] == 0.9) & (runs["beta2"] == 0.999)]),
        # The edge, wherever it is known to lie.
        (0.8, 1.1, runs),
    ):
        reached = own[own["first_crossing_step"].notna()]
        assert len(reached) >= 2
        plateaus = reached["plateau_ratio"]
        assert plateaus.between(low - MARGIN, high + MARGIN).all(), plateaus
    named = re.search(r"Figure: ([a-z-]+)", job.read_text())
    assert named and eos_analysis.write_figures(sweep, tmp_path, [named[1]])
