"""Jobs that are stopped, put back or lose a process go on or end as they should."""

from pathlib import Path

import pytest

from cluster import Cluster
from jobs_of_slurm import Job, kill, submit
from program import Program
from waiting import wait_for

ONE_NODE, TWO_NODES = ("--ntasks=2",), ("--ntasks=2", "--nodes=2")
SRUN = {"LAUNCHER": "srun"}


@pytest.mark.parametrize(
    ("nodes", "environment", "command"),
    [
        (ONE_NODE, {}, ("--batch", "--signal=TERM")),
        (TWO_NODES, {}, ("--batch", "--signal=TERM")),
        (TWO_NODES, SRUN, ("--batch", "--signal=TERM")),
        (TWO_NODES, SRUN, ("--signal=USR1",)),
    ],
    ids=["TERM", "TERM-nodes", "TERM-srun", "USR1-srun"],
)
def test_a_job_that_is_told_to_stop_saves_merges_and_does_not_come_back(
    cluster: Cluster, program: Program, tmp_path: Path, nodes, environment, command
):
    job = submit(cluster, program, tmp_path, *nodes, environment=environment)
    job.wait_until_at_work()
    cluster.run("scancel", *command, job.id)
    job.wait_until_over()
    assert (job.field("JobState"), job.field("ExitCode")) == ("FAILED", "75:0")
    assert "told to stop. To go on: " in job.log and "slurm/submit" in job.log
    assert job.events("run_saved") == 1 and (job.directory / "sweep.h5").exists()
    assert job.restarts == 0


def test_a_cancelled_job_keeps_its_checkpoints(cluster: Cluster, program: Program, tmp_path: Path):
    job = submit(cluster, program, tmp_path, *TWO_NODES)
    job.wait_until_at_work()
    wait_for(lambda: list((job.directory / "checkpoints").glob("*.h5")))
    cluster.run("scancel", job.id)
    job.wait_until_over()
    assert "3 of 4 runs" in program.run("status", job.directory).stdout
    assert "steps saved" in program.run("status", job.directory).stdout
    assert job.restarts == 0


def preempt(job: Job) -> None:
    """Has a job of more worth take the nodes for a moment."""
    others = ["--wrap=sleep 1", "--nodelist=n2,n3", "--exclusive", "--output=/dev/null"]
    job.cluster.run("sbatch", *others)


PUT_BACK = {
    "requeue": lambda job: job.cluster.run("scontrol", "requeue", job.id),
    "warning": lambda job: job.cluster.run("scancel", "--batch", "--signal=USR1", job.id),
    "preemption": preempt,
    "remote daemon": lambda job: kill(job, "orted"),
    "rank": lambda job: kill(job, "eos-sweep", last=True),
}


@pytest.mark.parametrize("cause", PUT_BACK)
def test_a_job_that_loses_its_place_goes_on_from_what_was_saved(
    cluster: Cluster, program: Program, tmp_path: Path, cause: str
):
    options = (*TWO_NODES, "--partition=cheap", "--nodelist=n2,n3")
    job = submit(cluster, program, tmp_path, *options)
    job.wait_until_at_work()
    wait_for(lambda: list((job.directory / "checkpoints").glob("*.h5")))
    PUT_BACK[cause](job)
    job.wait_for_restart(1)
    assert job.restarts == 1
    wait_for(lambda: len(job.starts) > 4)
    # The short runs are not computed again, and the long one does not begin anew.
    assert job.starts[:4] == [0] * 4 and job.starts[4] > 0
